// native addon with a prebuilt package for each platform
import sharp from 'sharp';

async function main() {
  const image = sharp({ create: { width: 8, height: 4, channels: 3, background: 'red' } });
  const { format, width } = await sharp(await image.png().toBuffer()).metadata();
  console.log(format, width);
}
void main();
