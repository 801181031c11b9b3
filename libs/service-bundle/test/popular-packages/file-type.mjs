// ES modules only, with entries by condition
import { fileTypeFromBuffer } from 'file-type';

async function main() {
  console.log(await fileTypeFromBuffer(Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')));
}
void main();
