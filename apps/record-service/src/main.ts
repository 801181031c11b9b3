import { runService, ServiceError } from '@typerush/service-kit';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createApp } from './app';
import { configSchema } from './config';
import { Database } from './database/database';
import { databaseConnector } from './database/database-connector';
import { readMigrations } from './database/migration-files';

void runService({
  name: 'record-service',
  schema: configSchema,
  env: process.env,
  async start({ config, logger, metrics, onClose }) {
    const database = new Database({
      connect: await databaseConnector(config, logger),
      migrations: await readMigrations(migrationsFolder()),
      waitMs: config.DATABASE_WAIT,
      logger,
    });
    onClose('database', () => database.close());
    const app = await createApp({ database, serviceToken: config.SERVICE_TOKEN, logger, metrics });
    onClose('nest', () => app.close());
    // Not awaited: the service listens, alive but not ready, while the database server comes up.
    database.open().catch((error: unknown) => {
      // Stopped while it was opening.
      if (error instanceof Error && error.name === 'AbortError') return;
      const expected = error instanceof ServiceError;
      const fields = expected ? { code: error.code, reason: error.message } : { err: error };
      logger.fatal(fields, 'database cannot be used');
      process.exit(1);
    });
    return app;
  },
});

/** Beside the bundle when bundled, in the project when run from source. */
function migrationsFolder(): string {
  const bundled = join(__dirname, 'migrations');
  return existsSync(bundled) ? bundled : join(__dirname, '../prisma/migrations');
}
