import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import type * as Engine from '@prisma/schema-engine-wasm';
import { readMigrations } from '../src/database/migration-files';

/** Node has it; of TypeScript's libraries, only the browser's declares it. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

const folder = join(__dirname, '../prisma');
const filters = { externalTables: [], externalEnums: [] };

/**
 * Prisma's own schema engine, as WebAssembly: it knows what a schema means and what a history must look like,
 * and downloads nothing.
 *
 * @param database its shadow database, or the one whose history to judge
 */
export async function startSchemaEngine(database: SqlMigrationAwareDriverAdapterFactory) {
  const { SchemaEngine } = await loadEngine();
  const schema = await readFile(join(folder, 'schema.prisma'), 'utf8');
  const files = [{ path: 'schema.prisma', content: schema }];
  const engine = await SchemaEngine.new(
    { datamodels: [['schema.prisma', schema]] },
    () => undefined,
    bindMigrationAwareSqlAdapterFactory(database),
  );
  return {
    /** The SQL that brings a database with every migration to the schema; undefined when nothing is missing. */
    async missingSql(): Promise<string | undefined> {
      const { exitCode, stdout } = await engine.diff({
        from: { tag: 'migrations', ...(await migrationList()) },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters,
      });
      return exitCode === 0 ? undefined : (stdout ?? '');
    },
    /** What `prisma migrate deploy` finds in the database before it does anything. */
    diagnose: async () =>
      engine.diagnoseMigrationHistory({
        migrationsList: await migrationList(),
        optInToShadowDatabase: false,
        filters,
      }),
    close: () => engine.free(),
  };
}

/** Node on its own cannot import WebAssembly as a module, so this links it by hand. */
async function loadEngine(): Promise<typeof Engine> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const file = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const { instance } = await WebAssembly.instantiate(
    await readFile(file.replace(/\.js$/, '.wasm')),
    { './schema_engine_bg.js': bindings },
  );
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  return bindings as unknown as typeof Engine;
}

async function migrationList() {
  const migrations = await readMigrations(join(folder, 'migrations'));
  const lock = 'migration_lock.toml';
  return {
    baseDir: join(folder, 'migrations'),
    lockfile: { path: lock, content: await readFile(join(folder, 'migrations', lock), 'utf8') },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
}
