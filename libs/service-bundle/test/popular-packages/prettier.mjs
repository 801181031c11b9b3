// imports its parsers when they are needed
import { format } from 'prettier';

async function main() {
  console.log(await format('const  a = {b:1}', { parser: 'babel' }));
  console.log(await format('a{color:red}', { parser: 'css' }));
}
void main();
