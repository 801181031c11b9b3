// reads its own libraries
const ts = require('typescript');

const source = ts.createCompilerHost({}).getSourceFile(ts.getDefaultLibFilePath({}), 99);
console.log(ts.transpile('let a: number = 1').trim(), source.text.includes('lib.es'));
