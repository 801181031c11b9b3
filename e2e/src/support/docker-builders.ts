import { chmod, mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { runOk } from './run';

interface Client {
  readonly path: string;
  readonly major: number;
}

/**
 * A PATH for each of Docker's builders, on which the plugin finds only that one. Without buildx, a Docker CLI before 23.0 builds
 * with BuildKit, and one that reports a later version with the legacy builder.
 * @param folder where the PATHs' folders go
 */
export async function dockerBuilderPaths(folder: string): Promise<Record<string, string>> {
  const client = (await dockerClients()).find(({ major }) => major < 23);
  if (!client) throw new Error('This suite needs a Docker CLI before 23.0.');
  return {
    buildx: process.env.PATH ?? '',
    buildkit: await pathTo(client, join(folder, 'buildkit'), ''),
    legacy: await pathTo(
      client,
      join(folder, 'legacy'),
      '--version) echo "Docker version 23.0.0";;',
    ),
  };
}

async function dockerClients(): Promise<Client[]> {
  const clients: Client[] = [];
  for (const folder of new Set((process.env.PATH ?? '').split(delimiter))) {
    const path = join(folder, 'docker');
    const output = await runOk(path, ['--version']).catch(() => '');
    const major = /^Docker version (\d+)/.exec(output)?.[1];
    if (major) clients.push({ path, major: Number(major) });
  }
  return clients;
}

/** @param more another case of the shell script, by the first argument */
async function pathTo({ path }: Client, folder: string, more: string): Promise<string> {
  await pathWithout(folder, ['docker']);
  const script = `#!/bin/sh
case "$1" in
  buildx) echo "unknown command" >&2; exit 1;;
  ${more}
  *) exec ${path} "$@";;
esac
`;
  await writeFile(join(folder, 'docker'), script);
  await chmod(join(folder, 'docker'), 0o755);
  return folder;
}

/** A PATH with all programs of this process except some: one folder of links. */
async function pathWithout(folder: string, names: readonly string[]): Promise<string> {
  await mkdir(folder, { recursive: true });
  const seen = new Set(names);
  for (const from of (process.env.PATH ?? '').split(delimiter).filter(Boolean)) {
    for (const name of await readdir(from).catch(() => [])) {
      if (seen.has(name)) continue;
      seen.add(name);
      await symlink(join(from, name), join(folder, name));
    }
  }
  return folder;
}
