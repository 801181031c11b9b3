import { join } from 'node:path';
import { createLogger } from '@typerush/service-kit';
import { type Connection } from '../src/database/connection';
import { Database } from '../src/database/database';
import { readMigrations } from '../src/database/migration-files';

export const silentLogger = createLogger({ service: 'record-service', level: 'silent' });

/** The service's database as it is before `open`. */
export async function testDatabase(
  connect: () => Promise<Connection>,
  waitMs = 0,
): Promise<Database> {
  const migrations = await readMigrations(join(__dirname, '../prisma/migrations'));
  return new Database({ connect, migrations, waitMs, logger: silentLogger });
}

export async function openTestDatabase(connect: () => Promise<Connection>): Promise<Database> {
  const database = await testDatabase(connect);
  await database.open();
  return database;
}
