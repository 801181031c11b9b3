// WebAssembly and tables that it reads from disk
import { get_encoding } from 'tiktoken';

const encoding = get_encoding('cl100k_base');
console.log([...encoding.encode('hello world')].join());
encoding.free();
