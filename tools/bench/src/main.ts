import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { measurePreview, type Preview } from './preview';
import { measureSynthesis, type Synthesis } from './synthesis';

const services = 100;
const images = 100_000;

async function main(): Promise<void> {
  const workspaceRoot = path.join(__dirname, '../../..');
  const searchPath = process.env['PATH'] ?? '';
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-'));
  try {
    const synthesis: Synthesis[] = [];
    for (const count of [1, services]) {
      synthesis.push(await measureSynthesis(count, folder, workspaceRoot, searchPath));
    }
    const preview = await measurePreview(services, images, folder, workspaceRoot, searchPath);
    process.stdout.write(table(synthesis, preview));
    const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
    process.stdout.write(`${JSON.stringify({ machine, synthesis, preview })}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function table(synthesis: readonly Synthesis[], preview: Preview): string {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const rows = [
    ...synthesis.flatMap((each) => [
      [`synthesis of infra, ${each.services} service(s)`, seconds(each.infra)],
      [`  only the CDK's own Repository`, seconds(each.cdkRepository)],
    ]),
    [`evaluation of ${preview.imagesEach} images`, seconds(preview.evaluateMedian)],
    [`  of ${preview.repositories} such repositories`, seconds(preview.evaluateAll)],
    [`nx run infra:preview of ${preview.imagesEach} images`, seconds(preview.command)],
  ];
  return rows.map(([name = '', value = '']) => `${name.padEnd(46)}${value.padStart(9)}\n`).join('');
}

void main();
