// dual package, lazily imported source maps
import { minify } from 'terser';

async function main() {
  console.log((await minify('function f(first) { return first + 1 } console.log(f(2))')).code);
}
void main();
