import { setTimeout as delay } from 'node:timers/promises';
import { PrismaPg } from '@prisma/adapter-pg';
import { describeLeaderboards } from '../../test/leaderboards-conformance';
import { describeMatches } from '../../test/matches-conformance';
import { describeMigrator, empty } from '../../test/migrator-conformance';
import { openTestDatabase, testDatabase } from '../../test/open-database';
import { PostgresProxy } from '../../test/postgres-proxy';
import {
  createTestDatabase,
  onServer,
  runSql,
  type TestDatabase,
} from '../../test/postgres-server';
import { startSchemaEngine } from '../../test/schema-engine';
import { Prisma } from '../generated/client';
import { connectPostgres } from './postgres-connection';

const connectTo = (url: string) => connectPostgres({ url, poolSize: 4, onError: () => undefined });

describe('PostgreSQL', () => {
  let server: TestDatabase;
  const connect = () => connectTo(server.url);
  const makeEmpty = async () => {
    const connection = await connect();
    await empty(connection);
    await connection.close();
  };

  beforeAll(async () => {
    server = await createTestDatabase();
  });
  afterAll(() => server.drop());

  describeMigrator(connect);

  describe('with the tables of this version', () => {
    beforeAll(makeEmpty);
    describeMatches(() => openTestDatabase(connect));
    describeLeaderboards(() => openTestDatabase(connect));

    it('has a history that Prisma’s own engine finds clean', async () => {
      const engine = await startSchemaEngine(
        new PrismaPg({ connectionString: server.url, options: '-c TimeZone=UTC -c DateStyle=ISO' }),
      );
      const found = await engine.diagnose();
      engine.close();
      expect(found).toEqual({
        hasMigrationsTable: true,
        editedMigrationNames: [],
        failedMigrationNames: [],
        history: null,
      });
    });
  });

  it('is migrated once by four instances that start at once', async () => {
    await makeEmpty();
    const databases = await Promise.all([1, 2, 3, 4].map(() => testDatabase(connect)));
    await Promise.all(databases.map((database) => database.open()));
    const rows = await databases[0]!.use(
      (client) => client.$queryRaw`SELECT migration_name FROM _prisma_migrations`,
    );
    expect(rows).toHaveLength(2);
    await Promise.all(databases.map((database) => database.close()));
  });

  it('is waited for while it starts', async () => {
    const proxy = new PostgresProxy(server.url);
    await proxy.open();
    await proxy.close();
    const database = await testDatabase(() => connectTo(proxy.url), 30_000);
    const opening = database.open();
    await expect(database.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await proxy.open();
    await opening;
    await database.check();
    await database.close();
    await proxy.close();
  });

  it('may go away and come back', async () => {
    const proxy = new PostgresProxy(server.url);
    await proxy.open();
    const database = await openTestDatabase(() => connectTo(proxy.url));
    await proxy.close();
    await expect(database.check()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(database.use((client) => client.match.count())).rejects.toMatchObject({
      code: 'UNAVAILABLE',
    });
    await proxy.open();
    await database.check();
    await database.close();
    await proxy.close();
  });

  it('is given up on when it freezes, so that the pool is free once it answers again', async () => {
    const proxy = new PostgresProxy(server.url);
    await proxy.open();
    const lost: string[] = [];
    const database = await openTestDatabase(() =>
      connectPostgres({
        url: proxy.url,
        poolSize: 2,
        silenceLimitMs: 1_000,
        onError: ({ message }) => lost.push(message),
      }),
    );
    const sleep = Prisma.sql`SELECT 1 FROM pg_sleep(0.2)`;
    const slow = () => database.query(sleep);
    const running = [slow(), database.transaction((query) => query(sleep))];
    await delay(100);
    proxy.freeze();
    for (const query of running) {
      await expect(query).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    }
    await Promise.all([slow(), slow(), slow()]);
    await database.close();
    await proxy.close();
  });

  it('is unavailable, and not broken, when a statement takes too long', async () => {
    const database = await openTestDatabase(connect);
    const slow = database.transaction(async (query) => {
      await query(Prisma.sql`SET LOCAL statement_timeout = 50`);
      await query(Prisma.sql`SELECT 1 FROM pg_sleep(5)`);
    });
    await expect(slow).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await database.check();
    await database.close();
  });

  it('is unavailable, and not broken, when the connection of a running query is lost', async () => {
    const proxy = new PostgresProxy(server.url);
    await proxy.open();
    const database = await openTestDatabase(() => connectTo(proxy.url));
    const queries = [
      database.use((client) => client.$queryRaw`SELECT 1 FROM pg_sleep(5)`),
      database.use((client) => client.$queryRaw`SELECT pg_terminate_backend(pg_backend_pid())`),
      database.query(Prisma.sql`SELECT 1 FROM pg_sleep(5)`),
      database.query(Prisma.sql`SELECT pg_terminate_backend(pg_backend_pid())`),
      database.transaction(async (query) => {
        await query(Prisma.sql`SELECT 1`);
        await query(Prisma.sql`SELECT 1 FROM pg_sleep(5)`);
      }),
      database.transaction(async (query) => {
        await query(Prisma.sql`SELECT pg_terminate_backend(pg_backend_pid())`);
      }),
    ];
    const outcomes = Promise.allSettled(queries);
    await delay(300);
    await proxy.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'UNAVAILABLE' } });
    }
    await database.close();
  });

  it('takes back a transaction that fails, and uses its connection again', async () => {
    const connection = await connectPostgres({
      url: server.url,
      poolSize: 1,
      onError: () => undefined,
    });
    await connection.query('CREATE TABLE IF NOT EXISTS kept (number integer)');
    const broken = connection.transaction(async ({ query }) => {
      await query('INSERT INTO kept VALUES ($1)', [1]);
      throw new Error('changed its mind');
    });
    await expect(broken).rejects.toThrow('changed its mind');
    await connection.transaction(({ query }) => query('INSERT INTO kept VALUES ($1)', [2]));
    expect(await connection.query('SELECT number FROM kept')).toEqual([{ number: 2 }]);
    await connection.query('DROP TABLE kept');
    await connection.close();
  });

  it('survives a connection that is lost between two statements of a transaction', async () => {
    const proxy = new PostgresProxy(server.url);
    await proxy.open();
    const database = await openTestDatabase(() => connectTo(proxy.url));
    const broken = database.transaction(async (query) => {
      await query(Prisma.sql`SELECT 1`);
      await proxy.close();
      await delay(100);
      await query(Prisma.sql`SELECT 1`);
    });
    await expect(broken).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await proxy.open();
    await database.check();
    await database.close();
    await proxy.close();
  });

  it('advises a role that may not create tables, and works for it once they exist', async () => {
    const own = await createTestDatabase();
    const role = `role_${new URL(own.url).pathname.slice(1)}`;
    await onServer(`CREATE ROLE ${role} LOGIN`);
    const url = new URL(own.url);
    await runSql(own.url, 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
    url.username = role;
    const refused = await testDatabase(() => connectTo(url.href));
    await expect(refused.open()).rejects.toMatchObject({
      code: 'MIGRATION_FORBIDDEN',
      message: expect.stringContaining(`GRANT USAGE, CREATE ON SCHEMA public TO ${role};`),
    });
    await refused.close();
    await (await openTestDatabase(() => connectTo(own.url))).close();
    await runSql(own.url, `GRANT ALL ON ALL TABLES IN SCHEMA public TO ${role}`);
    const database = await openTestDatabase(() => connectTo(url.href));
    expect(await database.use((client) => client.match.count())).toBe(0);
    await database.close();
    await own.drop();
    await onServer(`DROP ROLE ${role}`);
  });

  it('is not waited for when it answers that it will not have us', async () => {
    const url = new URL(server.url);
    url.pathname = '/nowhere';
    const database = await testDatabase(() => connectTo(url.href), 60_000);
    await expect(database.open()).rejects.toMatchObject({
      code: 'DATABASE_REFUSED',
      message: expect.stringContaining('database "nowhere" does not exist'),
    });
    await database.close();
  });
});
