// requires modules through a hidden require, generates code
import protobuf from 'protobufjs';

const { root } = protobuf.parse('syntax = "proto3"; message A { int64 id = 1; string name = 2; }');
const A = root.lookupType('A');
console.log(JSON.stringify(A.decode(A.encode({ id: 5, name: 'x' }).finish())));
