import { PrismaPg } from '@prisma/adapter-pg';
import { describeMatches } from '../../test/matches-conformance';
import { describeMigrator, empty } from '../../test/migrator-conformance';
import { openTestDatabase, testDatabase } from '../../test/open-database';
import { PostgresProxy } from '../../test/postgres-proxy';
import { createTestDatabase, type TestDatabase } from '../../test/postgres-server';
import { startSchemaEngine } from '../../test/schema-engine';
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
    expect(rows).toHaveLength(1);
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
