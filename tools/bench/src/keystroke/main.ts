import { cpus } from 'node:os';
import path from 'node:path';
import { measureKeystrokes } from './measure';
import { servePage } from './page-server';
import { type ProcessorTime, type Summary, summarize } from './summary';

const KEYS = 500;
/** As it is, and as slow as a phone. */
const throttles = [1, 4];

async function main(): Promise<void> {
  const { url, server } = await servePage(path.join(__dirname, '../../../../dist/apps/web'));
  try {
    const rows: Row[] = [];
    for (const throttle of throttles) {
      const { keystrokes, processor } = await measureKeystrokes(url, KEYS, throttle);
      rows.push({ throttle, processor, ...summarize(keystrokes) });
    }
    process.stdout.write(table(rows));
    const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
    process.stdout.write(`${JSON.stringify({ machine, rows })}\n`);
  } finally {
    server.close();
  }
}

type Row = Summary & { readonly throttle: number; readonly processor: ProcessorTime };

function table(rows: readonly Row[]): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  const lines = [
    [
      'processor',
      'in the next frame',
      'work fits',
      'work p50/p99/max',
      'painted p50/p99/max',
      'processor time (ms)',
    ],
    ...rows.map(({ throttle, inNextFrame, withinFrame, work, painted, processor }) => [
      throttle === 1 ? 'as it is' : `${throttle} times slower`,
      percent(inNextFrame),
      percent(withinFrame),
      `${work.p50}/${work.p99}/${work.max}`,
      `${painted.p50}/${painted.p99}/${painted.max}`,
      processor.all.toFixed(2),
    ]),
  ];
  return lines
    .map(
      (line) =>
        `${line
          .map((cell) => cell.padEnd(22))
          .join('')
          .trimEnd()}\n`,
    )
    .join('');
}

void main();
