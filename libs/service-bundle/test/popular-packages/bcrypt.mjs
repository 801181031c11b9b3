// native addon that node-gyp-build finds
import bcrypt from 'bcrypt';

async function main() {
  const hash = await bcrypt.hash('secret', 4);
  console.log(await bcrypt.compare('secret', hash), await bcrypt.compare('other', hash));
}
void main();
