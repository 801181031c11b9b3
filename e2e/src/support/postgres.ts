import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from './local-registry';
import { run, runOk } from './run';

/** The throw-away server of `with-postgres.sh`, to be killed and started again. */
export class Postgres {
  private constructor(
    private readonly serverUrl: string,
    private readonly folder: string,
  ) {}

  /** Refuses a server that may be needed. */
  static async find(): Promise<Postgres> {
    const url = process.env['TEST_DATABASE_URL'] ?? '';
    const folder = url && (await query(url, 'SHOW data_directory'));
    if (!folder.includes('/with-postgres.')) {
      throw new Error(
        'This suite kills PostgreSQL: run it through apps/record-service/test/with-postgres.sh.',
      );
    }
    return new Postgres(url, folder);
  }

  /** @returns the URL of a new database */
  async createDatabase(name: string): Promise<string> {
    await query(this.serverUrl, `CREATE DATABASE ${name}`);
    return Object.assign(new URL(this.serverUrl), { pathname: `/${name}` }).href;
  }

  async dropDatabase(name: string): Promise<void> {
    await query(this.serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  }

  /** Kills the server; its other processes end when they notice. */
  async kill(): Promise<void> {
    const [pid = ''] = (await readFile(join(this.folder, 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await waitFor(async () => !(await this.answers()));
  }

  /** Starts it as it was started first, unless it runs, and waits until it has recovered. */
  async start(): Promise<void> {
    if (await this.answers()) return;
    const options = await readFile(join(this.folder, 'postmaster.opts'), 'utf8');
    const [program = '', ...rest] = options.trim().split(' "');
    const args = rest.map((quoted) => quoted.replace(/"$/, ''));
    // As with-postgres.sh does: the server refuses to run as root.
    const asOwner = ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups'];
    const [file = '', ...own] = [...(process.getuid?.() === 0 ? asOwner : []), program, ...args];
    await waitFor(async () => {
      // It outlives this suite. It does not start while a process of the killed server is left.
      const server = spawn(file, own, { cwd: '/', stdio: 'ignore', detached: true });
      server.unref();
      let hasEnded = false;
      server.once('exit', () => (hasEnded = true));
      while (!hasEnded) if (await this.answers()) return true;
      return false;
    });
  }

  private async answers(): Promise<boolean> {
    return (await run('psql', [this.serverUrl, '-Atc', 'SELECT 1'])).code === 0;
  }
}

async function query(url: string, sql: string): Promise<string> {
  return (await runOk('psql', [url, '-Atc', sql])).trim();
}
