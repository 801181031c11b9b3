import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type ClientBase } from 'pg';
import { BenchError } from '../ship/bench-error';
import { processTime } from '../ship/processor-time';
import { type BenchDatabase, createBenchDatabase } from './bench-database';
import { fill } from './fill';
import { closeConnections, fetchText } from './http-client';
import { measureThroughput, sendAtRate } from './load';
import { type Options, parseOptions } from './options';
import { countWrongRows } from './recomputation';
import { type Measurement, ratios, table } from './report';
import { board, type Players, type RequestKind, requestKinds } from './requests';
import { ServerProcess } from '../server-process';
import { countFullScans, fullScansSince } from './table-scans';
import { verify } from './verify';

const workspaceRoot = path.join(__dirname, '../../../..');
const serviceRoot = path.join(workspaceRoot, 'apps/record-service');
const log = (message: string) => process.stderr.write(`${message}\n`);

/** How many rounds the matches are made of, and how many players send requests. */
const [rounds, requesters] = [1_000, 5_000];
const warmUpSeconds = 1;

async function main(
  options: Options,
  { url: databaseUrl, client }: BenchDatabase,
  folder: string,
): Promise<void> {
  const token = randomBytes(32).toString('hex');
  const start = serverStarter(databaseUrl, token, folder);
  const service = await start.service();
  const bodies = await printRounds(rounds);
  log(`recording ${rounds} rounds`);
  for (const body of bodies) await fetchText(`${service.url}/v1/matches`, { body, token });
  log(`filling the database with ${options.matches} matches of ${options.players} players`);
  const filling = performance.now();
  await fill(client, options);
  const fillSeconds = Math.round((performance.now() - filling) / 1_000);

  const servers = [service, await start.pg()];
  const players = await findPlayers(client, service.url);
  let compared = 0;
  for (const { name, url } of servers) {
    log(`comparing responses of ${name} with a recomputation`);
    compared += await verify(client, url, players.ids.slice(0, 20));
  }
  const scans = await countFullScans(client);
  const measurements: Measurement[] = [];
  for (const kind of requestKinds(players, bodies, token)) {
    for (const server of servers) {
      log(`measuring: ${kind.name}, ${server.name}`);
      measurements.push(await measure(kind, server, options));
    }
  }
  closeConnections();
  for (const server of servers) await server.stop();
  const fullScans = await fullScansSince(client, scans);
  log('comparing all tables with a recomputation');
  const wrongRows = await countWrongRows(client);

  process.stdout.write(table(measurements));
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const result = { machine, options, fillSeconds, measurements, ratios: ratios(measurements) };
  process.stdout.write(`${JSON.stringify({ ...result, compared, wrongRows, fullScans })}\n`);
  if (Object.values(wrongRows).some((count) => count > 0)) {
    throw new BenchError('ROWS_WRONG', 'Rows differ from a recomputation: see wrongRows.');
  }
}

async function measure(
  { name, sendTo }: RequestKind,
  server: ServerProcess,
  { rate, seconds, connections }: Options,
): Promise<Measurement> {
  const send = sendTo(server.url);
  await measureThroughput(send, connections, warmUpSeconds);
  const before = await processTime(server.pid);
  const latency = await sendAtRate(send, rate, seconds);
  const usedMs = ((await processTime(server.pid)) - before) * 1_000;
  return {
    request: name,
    server: server.name,
    latency,
    perSecond: await measureThroughput(send, connections, seconds),
    processorMs: usedMs / latency.requests,
  };
}

/** How the two servers are started; the service is the built bundle. */
function serverStarter(databaseUrl: string, token: string, folder: string) {
  const env = {
    PATH: process.env['PATH'] ?? '',
    NODE_ENV: 'production',
    PORT: '0',
    DATABASE_URL: databaseUrl,
    SERVICE_TOKEN: token,
  };
  const bundle = path.join(workspaceRoot, 'dist/apps/record-service/service/main.js');
  const listening = '"msg":"listening"';
  return {
    service: () =>
      ServerProcess.start(
        {
          name: 'record-service',
          args: [bundle],
          cwd: folder,
          env,
          ready: [listening, '"msg":"database ready"'],
        },
        folder,
      ),
    pg: () =>
      ServerProcess.start(
        {
          name: 'pg',
          args: ['--import', 'tsx', 'test/pg-server.ts'],
          cwd: serviceRoot,
          env,
          ready: [listening],
        },
        folder,
      ),
  };
}

/** Rounds as game-service writes them, one JSON text each. */
async function printRounds(count: number): Promise<string[]> {
  const args = ['--import', 'tsx', 'test/print-rounds.ts', String(count)];
  const options = { cwd: serviceRoot, maxBuffer: 1e9 };
  const { stdout } = await promisify(execFile)(process.execPath, args, options);
  return stdout.trimEnd().split('\n');
}

/** The players that send requests, and positions all over the leaderboard. */
async function findPlayers(client: ClientBase, url: string): Promise<Players> {
  const { rows } = await client.query<{ id: string }>(
    `SELECT player_id AS id FROM bests WHERE board = $1 AND period = 'all' ORDER BY md5(player_id::text) LIMIT $2`,
    [board, requesters],
  );
  const ids = rows.map(({ id }) => id);
  const cursors: string[] = [];
  for (const id of ids.slice(0, 200)) {
    const page = await fetchText(`${url}/v1/leaderboards/${board}/around/${id}`);
    const { next } = JSON.parse(page) as { next: string | null };
    if (next !== null) cursors.push(next);
  }
  return { ids, cursors };
}

async function run(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  const serverUrl = process.env['TEST_DATABASE_URL'];
  if (!serverUrl) {
    throw new BenchError(
      'MISSING',
      'bench:records cannot start: TEST_DATABASE_URL is not set. Run: npx nx run bench:records',
    );
  }
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-records-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const database = await createBenchDatabase(serverUrl);
  try {
    await main(options, database, folder);
  } finally {
    await database.drop();
  }
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}
run().catch((error: unknown) => {
  log(error instanceof BenchError ? error.message : String((error as Error).stack ?? error));
  process.exit(1);
});
