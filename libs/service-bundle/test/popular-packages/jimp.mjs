// reads its own fonts, and WebAssembly
import { Jimp, loadFont } from 'jimp';
import { SANS_16_BLACK } from 'jimp/fonts';

async function main() {
  const image = new Jimp({ width: 40, height: 20, color: 0xffffffff });
  image.print({ font: await loadFont(SANS_16_BLACK), x: 0, y: 0, text: 'hi' });
  const copy = await Jimp.fromBuffer(await image.getBuffer('image/png'));
  console.log(copy.width, copy.bitmap.data.filter((byte) => byte < 128).length);
}
void main();
