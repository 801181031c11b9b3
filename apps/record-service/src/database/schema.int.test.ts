import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { startSchemaEngine } from '../../test/schema-engine';

describe('schema.prisma', () => {
  it('is what the migrations make', async () => {
    const shadow = new PGlite();
    const engine = await startSchemaEngine(new PrismaPGlite(shadow));
    try {
      expect(await engine.missingSql()).toBeUndefined();
    } finally {
      engine.close();
      await shadow.close();
    }
  });
});
