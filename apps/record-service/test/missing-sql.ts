import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { startSchemaEngine } from './schema-engine';

/** Prints the SQL that the next migration needs, as `prisma migrate diff` would. */
async function main(): Promise<void> {
  const shadow = new PGlite();
  const engine = await startSchemaEngine(new PrismaPGlite(shadow));
  process.stdout.write((await engine.missingSql()) ?? '-- The migrations agree with the schema.\n');
  await shadow.close();
}

void main();
