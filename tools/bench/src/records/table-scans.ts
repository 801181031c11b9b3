import { type ClientBase } from 'pg';

/** How often each table was read in full. */
export type FullScans = Readonly<Record<string, number>>;

/** Since the database exists, once its processes have reported. */
export async function countFullScans(client: ClientBase): Promise<FullScans> {
  await client.query('SELECT pg_stat_force_next_flush()');
  const { rows } = await client.query<{ name: string; scans: number }>(
    'SELECT relname AS name, seq_scan::integer AS scans FROM pg_stat_user_tables ORDER BY relname',
  );
  return Object.fromEntries(rows.map(({ name, scans }) => [name, scans]));
}

/** Only the tables that were read in full since then, once the servers have closed their connections. */
export async function fullScansSince(client: ClientBase, before: FullScans): Promise<FullScans> {
  const now = await countFullScans(client);
  const since = Object.entries(now).map(
    ([name, scans]) => [name, scans - (before[name] ?? 0)] as const,
  );
  return Object.fromEntries(since.filter(([, scans]) => scans > 0));
}
