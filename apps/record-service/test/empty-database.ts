import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Connection } from '../src/database/connection';
import { loadEmbedded } from '../src/database/embedded-connection';

const variable = 'EMPTY_DATABASE';

/** Creates the folder of an empty embedded database for this run of Jest: PostgreSQL takes seconds to create one. */
export async function createEmptyDatabase(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'record-service-empty-'));
  process.env[variable] = folder;
  const program = `
    const { PGlite } = await import('@electric-sql/pglite');
    await (await PGlite.create(process.argv[1])).close();`;
  // In a process of its own, whose memory goes with it.
  await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program, join(folder, 'database')],
    { cwd: __dirname },
  );
}

export async function removeEmptyDatabase(): Promise<void> {
  const folder = process.env[variable];
  if (folder) await rm(folder, { recursive: true });
}

/** Copies the folder of the empty database to `folder`. */
export function copyEmptyDatabase(folder: string): Promise<void> {
  return cp(join(process.env[variable] ?? '', 'database'), folder, { recursive: true });
}

/** Connects to an empty embedded database, whose folder goes when the connection is closed. */
export async function connectToEmpty(): Promise<Connection> {
  const folder = await mkdtemp(join(tmpdir(), 'record-service-'));
  const database = join(folder, 'database');
  await copyEmptyDatabase(database);
  const connection = await (await loadEmbedded())(database);
  return {
    ...connection,
    close: async () => {
      await connection.close();
      await rm(folder, { recursive: true });
    },
  };
}
