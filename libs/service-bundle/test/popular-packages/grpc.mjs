// reads .proto files, its own among them
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';

const file = path.join(mkdtempSync(path.join(tmpdir(), 'proto-')), 'echo.proto');
writeFileSync(
  file,
  `syntax = "proto3"; import "google/protobuf/timestamp.proto"; package echo;
message Text { string text = 1; google.protobuf.Timestamp at = 2; }
service Echo { rpc Say (Text) returns (Text); }`,
);
const { echo } = grpc.loadPackageDefinition(loadSync(file));
const server = new grpc.Server();
server.addService(echo.Echo.service, { Say: ({ request }, reply) => reply(null, request) });
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_error, port) => {
  const client = new echo.Echo(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  client.Say({ text: 'hi' }, (error, answer) => {
    console.log(error?.code, answer?.text);
    client.close();
    server.forceShutdown();
  });
});
