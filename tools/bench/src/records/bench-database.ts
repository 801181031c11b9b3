import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of its own, so that a run changes nothing else on the server. */
export interface BenchDatabase {
  readonly url: string;
  readonly client: Client;
  /** Removes it, with the connections of others. */
  drop(): Promise<void>;
}

/** @param serverUrl of a role that may create databases and is a superuser */
export async function createBenchDatabase(serverUrl: string): Promise<BenchDatabase> {
  const name = `bench_${randomBytes(8).toString('hex')}`;
  await onServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  const client = new Client({ connectionString: url.href });
  await client.connect();
  return {
    url: url.href,
    client,
    async drop() {
      await client.end();
      await onServer(serverUrl, `DROP DATABASE ${name} WITH (FORCE)`);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
