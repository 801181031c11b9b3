import { randomUUID } from 'node:crypto';
import { Client } from 'pg';

export interface TestDatabase {
  url: string;
  drop(): Promise<void>;
}

/**
 * An empty database of its own on the server at TEST_DATABASE_URL, with a time zone and a style of dates that a server
 * may have and the service must not depend on.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await onServer(`CREATE DATABASE ${name}`);
  await onServer(`ALTER DATABASE ${name} SET TimeZone = 'Asia/Kolkata'`);
  await onServer(`ALTER DATABASE ${name} SET DateStyle = 'SQL, DMY'`);
  const url = new URL(serverUrl());
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

/** Runs one statement as the server's administrator. */
export const onServer = (sql: string): Promise<void> => runSql(serverUrl(), sql);

/** Runs one statement in a database. */
export async function runSql(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

export function serverUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (url) return url;
  throw new Error(
    'TEST_DATABASE_URL is not set. Run these tests through test/with-postgres.sh, or point it at a server whose databases may go.',
  );
}
