import { type Connection } from '../src/database/connection';
import { checksumOf, type Migration } from '../src/database/migration-files';
import { migrate } from '../src/database/migrator';

const migration = (name: string, sql: string): Migration => ({
  name,
  sql,
  checksum: checksumOf(sql),
});

const first = migration('1_first', 'CREATE TABLE a (n INTEGER); CREATE TABLE b (n INTEGER);');
const second = migration('2_second', 'ALTER TABLE a ADD COLUMN m INTEGER;');
const broken = migration('3_broken', 'CREATE TABLE c (n INTEGER); CREATE TABLE a (n INTEGER);');

/** Makes the database as if it had just been created. */
export function empty(connection: Connection): Promise<void> {
  return connection.withSession((session) =>
    session.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public;'),
  );
}

/** What the migrator does on any PostgreSQL. */
export function describeMigrator(connect: () => Promise<Connection>): void {
  describe('migrator', () => {
    let connection: Connection;
    const run = (...migrations: Migration[]) =>
      connection.withSession((session) => migrate(session, migrations));
    const rows = <Row>(sql: string) => connection.withSession((session) => session.query<Row>(sql));
    const tables = async () =>
      (
        await rows<{ name: string }>(
          `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
        )
      ).map(({ name }) => name);
    const history = () =>
      rows<Record<string, unknown>>('SELECT * FROM _prisma_migrations ORDER BY started_at');

    beforeAll(async () => {
      connection = await connect();
    });
    beforeEach(() => empty(connection));
    afterAll(() => connection.close());

    it('applies what is missing, in order, and nothing twice', async () => {
      expect(await run(first)).toEqual({ applied: ['1_first'], unknown: [] });
      expect(await run(first, second)).toEqual({ applied: ['2_second'], unknown: [] });
      expect(await run(first, second)).toEqual({ applied: [], unknown: [] });
      expect(await tables()).toEqual(['_prisma_migrations', 'a', 'b']);
    });

    it('records each migration in the eight columns of Prisma', async () => {
      await run(first, second);
      expect(await history()).toEqual(
        [first, second].map(({ name, checksum }) => ({
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          checksum,
          finished_at: expect.any(Date),
          migration_name: name,
          logs: null,
          rolled_back_at: null,
          started_at: expect.any(Date),
          applied_steps_count: 1,
        })),
      );
    });

    it('keeps nothing of a migration that fails, and what was applied before it', async () => {
      await expect(run(first, broken)).rejects.toMatchObject({
        code: 'MIGRATION_FAILED',
        message: expect.stringMatching(/3_broken .*already exists/),
      });
      expect(await tables()).toEqual(['_prisma_migrations', 'a', 'b']);
      expect(await history()).toHaveLength(1);
    });

    it('applies a migration that was corrected after it had failed', async () => {
      await expect(run(first, broken)).rejects.toThrow();
      const corrected = migration(broken.name, 'CREATE TABLE c (n INTEGER);');
      expect(await run(first, corrected)).toEqual({ applied: [broken.name], unknown: [] });
    });

    it('refuses an applied migration that was edited, and changes nothing', async () => {
      await run(first);
      const edited = migration(first.name, `${first.sql} -- edited`);
      await expect(run(edited, second)).rejects.toMatchObject({
        code: 'MIGRATION_EDITED',
        message: expect.stringContaining(edited.checksum),
        details: { migration: first.name },
      });
      expect(await history()).toHaveLength(1);
    });

    it('refuses a database in which a migration was started and never finished', async () => {
      await run(first);
      await rows('UPDATE _prisma_migrations SET finished_at = NULL');
      await expect(run(first, second)).rejects.toMatchObject({ code: 'MIGRATION_FAILED_BEFORE' });
      expect(await history()).toHaveLength(1);
    });

    it('applies again what was marked as rolled back', async () => {
      await run(first);
      await rows('DROP TABLE a, b');
      await rows('UPDATE _prisma_migrations SET rolled_back_at = now(), finished_at = NULL');
      expect(await run(first)).toEqual({ applied: ['1_first'], unknown: [] });
      expect(await history()).toHaveLength(2);
    });

    it('reports what a newer version applied, and leaves it', async () => {
      await run(first, second);
      expect(await run(first)).toEqual({ applied: [], unknown: ['2_second'] });
    });
  });
}
