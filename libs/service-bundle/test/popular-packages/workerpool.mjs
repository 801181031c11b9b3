// starts workers from its own file
import workerpool from 'workerpool';

async function main() {
  const pool = workerpool.pool({ workerType: 'thread', maxWorkers: 1 });
  console.log(await pool.exec((a, b) => a * b, [6, 7]));
  await pool.terminate();
}
void main();
