// worker threads through a require of optional packages
import { BlobWorker, spawn } from 'threads';

async function main() {
  const worker = BlobWorker.fromText('setInterval(() => undefined, 1000);');
  const failure = await spawn(worker, { timeout: 300 }).catch((error) => error);
  console.log(failure.message);
  await worker.terminate();
}
void main();
