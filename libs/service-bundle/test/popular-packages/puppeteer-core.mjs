// dual package, starts a browser as a child process
import puppeteer from 'puppeteer-core';

async function main() {
  const failure = await puppeteer.launch({ executablePath: '/missing' }).catch((error) => error);
  console.log(failure.message.split('\n')[0]);
}
void main();
