import { once } from 'node:events';
import { cpus, loadavg } from 'node:os';
import path from 'node:path';
import { BenchError } from '../ship/bench-error';
import { compile } from './compile';
import { type Load, type LoadResult } from './load';
import { type Options, parseOptions } from './options';
import { installPeers } from './peers/install-peers';
import { arePinned, end, endOnSignals, startPinned, untilListening } from './pinned-process';
import { describe, faultsOf, type Row } from './report';
import { selectWays, type Way } from './ways';

const workspaceRoot = path.join(__dirname, '../../../..');
/** Of the servers, one after the other. */
const port = Number(process.env.BENCH_GAME_PORT ?? 43_600);
const generatorSource = 'tools/bench/src/game/generator.ts';

interface Programs {
  readonly files: ReadonlyMap<string, string>;
  readonly peers: string;
}

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const ways = selectWays(options.ways);
  endOnSignals();
  const programs = await prepare(ways);
  const loadBefore = loadavg()[0];
  const rows = await measureAll(options, ways, programs);
  process.stdout.write(describe(rows));
  process.stdout.write(
    `${JSON.stringify({
      machine: `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
      pinned: arePinned,
      loadBefore,
      seconds: options.seconds,
      rows: rows.map((row) => ({ ...row, faults: faultsOf(row) })),
    })}\n`,
  );
  if (rows.some((row) => faultsOf(row).includes('wrong results'))) process.exitCode = 1;
}

async function prepare(ways: readonly Way[]): Promise<Programs> {
  const sources = new Set([generatorSource, ...ways.map(({ server }) => server)]);
  const files = await compile(workspaceRoot, [...sources], path.join(workspaceRoot, 'dist/bench'));
  const needsPeers = ways.some((way) => way.needsPeers);
  const peers = needsPeers ? await installPeers(path.join(__dirname, 'peers')) : '';
  return { files, peers };
}

/** All ways in turns, so that what else the machine does affects all of them. */
async function measureAll(
  { players, rounds, seconds }: Options,
  ways: readonly Way[],
  programs: Programs,
): Promise<Row[]> {
  const rows = players.flatMap((number) =>
    ways.map((way) => ({ way, players: number, results: [] as LoadResult[] })),
  );
  for (let round = 1; round <= rounds; round += 1) {
    for (const { way, players: number, results } of rows) {
      process.stderr.write(`round ${round}: ${way.name}, ${number} players\n`);
      results.push(await measure(way, number, seconds, programs));
    }
  }
  return rows.map(({ way, ...row }) => ({ way: way.name, ...row }));
}

async function measure(
  way: Way,
  players: number,
  seconds: number,
  { files, peers }: Programs,
): Promise<LoadResult> {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    PORT: String(port),
    // Of game-service: no records, which are not measured here, and as many players as there are from one address.
    SESSION_SECRET: 'only for the benchmark, on this machine',
    SESSIONS_PER_MINUTE: '1000000',
    OUTBOX_DIR: 'memory',
    LOG_LEVEL: 'warn',
  };
  const server = startPinned(
    0,
    [files.get(way.server) ?? '', JSON.stringify({ port, peers, ...way.options })],
    env,
  );
  server.stdout.resume();
  try {
    await untilListening(server, port);
    const load: Load = { way, port, peers, players, seconds, serverPid: server.pid ?? NaN };
    return await generate(files.get(generatorSource) ?? '', load, env);
  } finally {
    await end(server);
  }
}

async function generate(file: string, load: Load, env: NodeJS.ProcessEnv): Promise<LoadResult> {
  const generator = startPinned(1, [file, JSON.stringify(load)], env);
  let output = '';
  generator.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  try {
    const [code] = (await once(generator, 'close')) as [number | null];
    if (code === 0) return JSON.parse(output) as LoadResult;
  } finally {
    await end(generator);
  }
  throw new BenchError(
    'GENERATOR_FAILED',
    `Cannot measure ${load.way.name}: the load generator ended early. Its error is above.`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof BenchError ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
});
