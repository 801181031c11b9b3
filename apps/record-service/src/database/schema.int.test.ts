import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { startSchemaEngine } from '../../test/schema-engine';

describe('schema.prisma', () => {
  it('is what the migrations make', async () => {
    const databases: PGlite[] = [];
    const connect = () => {
      const database = new PGlite();
      databases.push(database);
      return new PrismaPGlite(database);
    };
    const adapter = connect();
    // The adapter's own shadow database is never closed, and would keep the process for ten seconds.
    adapter.connectToShadowDb = () => connect().connect();
    const engine = await startSchemaEngine(adapter);
    try {
      expect(await engine.missingSql()).toBeUndefined();
    } finally {
      engine.close();
      for (const database of databases) await database.close();
    }
  });
});
