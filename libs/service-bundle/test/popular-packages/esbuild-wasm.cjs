// WebAssembly and a child process from its own files
const { transform } = require('esbuild-wasm');

transform('let a: number = 1', { loader: 'ts' }).then(({ code }) => console.log(code.trim()));
