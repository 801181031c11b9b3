/**
 * The lower limit that bench:records compares the service with: the same rules and the same SQL through `pg` and
 * `node:http`, without Nest, Express, Prisma's client, schemas, log and metrics. For the requests of the bench only.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo } from 'node:net';
import { type FinishedRound, type Period } from '@typerush/contracts';
import { Pool } from 'pg';
import { type Database } from '../src/database/database';
import { type Prisma } from '../src/generated/client';
import { LeaderboardsRepository } from '../src/leaderboards/leaderboards.repository';
import { LeaderboardsService } from '../src/leaderboards/leaderboards.service';
import { MatchesRepository } from '../src/matches/matches.repository';
import { MatchesService } from '../src/matches/matches.service';
import { PlayersRepository } from '../src/players/players.repository';
import { silentLogger } from './open-database';

interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

const selectPlayer = `SELECT player_id AS "playerId", name, first_played_at AS "firstPlayedAt",
  last_played_at AS "lastPlayedAt", matches, ranked, wins, typed_ms AS "typedMs", keystrokes,
  wpm_sum::float8 AS "wpmSum", raw_sum::float8 AS "rawSum", accuracy_sum::float8 AS "accuracySum",
  consistency_sum::float8 AS "consistencySum" FROM players WHERE player_id = $1`;

/** What the repositories call of Prisma's client. */
function clientOf(database: Queryable) {
  return {
    player: {
      async findUnique({ where }: { where: { playerId: string } }) {
        const [row] = (await database.query(selectPlayer, [where.playerId])).rows;
        return row && withDecimals(row as Record<string, unknown>);
      },
    },
  };
}

const withDecimals = (row: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      name.endsWith('Sum') ? { toNumber: () => value } : value,
    ]),
  );

function pgDatabase(pool: Pool): Database {
  type Client = ReturnType<typeof clientOf>;
  const queryOf = (session: Queryable) => async (statement: Prisma.Sql) =>
    (await session.query(statement.text, statement.values)).rows;
  const database = {
    use: <T>(queries: (client: Client) => Promise<T>) => queries(clientOf(pool)),
    query: queryOf(pool),
    async transaction<T>(statements: (query: ReturnType<typeof queryOf>) => Promise<T>) {
      const session = await pool.connect();
      try {
        await session.query('BEGIN');
        const result = await statements(queryOf(session));
        await session.query('COMMIT');
        return result;
      } catch (error) {
        await session.query('ROLLBACK');
        throw error;
      } finally {
        session.release();
      }
    },
  };
  return database as unknown as Database;
}

function createHandler(database: Database) {
  const leaderboards = new LeaderboardsService(new LeaderboardsRepository(database));
  const matches = new MatchesService(new MatchesRepository(database), silentLogger);
  const players = new PlayersRepository(database);

  return async (request: IncomingMessage): Promise<[status: number, body: unknown]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const [, , kind, id = '', around, playerId = ''] = pathname.split('/');
    if (kind === 'leaderboards') {
      const period = (searchParams.get('period') ?? 'all') as Period;
      const limit = Number(searchParams.get('limit') ?? 25);
      const cursor = searchParams.get('cursor') ?? undefined;
      return around
        ? [200, await leaderboards.around(id, playerId, { period, limit })]
        : [200, await leaderboards.page(id, { period, limit, cursor })];
    }
    if (kind === 'players') return [200, await players.profile(id)];
    const { created, match } = await matches.record(await readRound(request));
    return [created ? 201 : 200, match];
  };
}

async function readRound(request: IncomingMessage): Promise<FinishedRound> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return JSON.parse(Buffer.concat(chunks).toString()) as FinishedRound;
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function main(): Promise<void> {
  const pool = new Pool({
    connectionString: process.env.DATABASE_URL,
    max: Number(process.env.DATABASE_POOL_SIZE ?? 10),
    onConnect: async (client) => {
      await client.query("SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'");
    },
  });
  const handle = createHandler(pgDatabase(pool));
  const server = createServer((request, response) => {
    handle(request).then(
      ([status, body]) => respond(response, status, body),
      (error: unknown) => respond(response, 500, { detail: String(error) }),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  process.stdout.write(
    `${JSON.stringify({ msg: 'listening', url: `http://127.0.0.1:${port}` })}\n`,
  );
}

void main();
