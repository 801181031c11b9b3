import { type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port';
import { waitFor } from './local-registry';
import { exitCode, launch } from './run';

/** bcrypt is the only format that it accepts. */
const htpasswd = 'pusher:$2b$05$PxKbTLykksWOvBS8o.1l0.2Pgv9iGyqJtUpzzecV1K2cmgUbS6mnu\n';

/** Debian's docker-registry (Distribution 2.8) with basic authentication, in its own process. */
export class DockerRegistry {
  readonly credentials = { username: 'pusher', password: 'correct horse' };

  private constructor(
    readonly host: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param data an existing folder, which is not removed; default: a temporary one */
  static async start(data?: string): Promise<DockerRegistry> {
    const folder = await mkdtemp(join(tmpdir(), 'docker-registry-'));
    const host = `127.0.0.1:${await freePort()}`;
    const config = {
      version: 0.1,
      log: { level: 'error', accesslog: { disabled: true } },
      storage: { filesystem: { rootdirectory: data ?? join(folder, 'data') } },
      http: { addr: host },
      auth: { htpasswd: { realm: 'registry', path: join(folder, 'htpasswd') } },
    };
    await writeFile(join(folder, 'htpasswd'), htpasswd);
    // JSON is YAML.
    await writeFile(join(folder, 'config.yml'), JSON.stringify(config));
    const child = launch('docker-registry', ['serve', join(folder, 'config.yml')]);
    child.stdout?.resume();
    child.stderr?.resume();
    const registry = new DockerRegistry(host, folder, child);
    await waitFor(async () => (await fetch(`http://${host}/v2/`)).status === 401);
    return registry;
  }

  async stop(): Promise<void> {
    const ended = exitCode(this.child);
    this.child.kill('SIGTERM');
    await ended;
    await rm(this.folder, { recursive: true });
  }
}
