import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Beside the bundle when bundled, in the project when run from source. */
export function migrationsFolder(): string {
  const bundled = join(__dirname, 'migrations');
  return existsSync(bundled) ? bundled : join(__dirname, '../prisma/migrations');
}
