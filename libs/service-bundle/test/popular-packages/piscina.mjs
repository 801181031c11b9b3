// worker threads from its own file
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Piscina } from 'piscina';

async function main() {
  const filename = path.join(mkdtempSync(path.join(tmpdir(), 'task-')), 'task.cjs');
  writeFileSync(filename, 'module.exports = ({ a, b }) => a + b;');
  const pool = new Piscina({ filename, maxThreads: 1 });
  console.log(await pool.run({ a: 4, b: 6 }));
  await pool.destroy();
}
void main();
