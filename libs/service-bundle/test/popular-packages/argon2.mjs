// native addon with prebuilt files for each platform in the package
import argon2 from 'argon2';

async function main() {
  const hash = await argon2.hash('secret', { memoryCost: 1024, timeCost: 2 });
  console.log(await argon2.verify(hash, 'secret'), await argon2.verify(hash, 'other'));
}
void main();
