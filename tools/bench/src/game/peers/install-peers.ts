import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { BenchError } from '../../ship/bench-error';

/** By the name for npm. With that name here, Nx would take the folder for a project. */
const manifests = new Map([
  ['package.json', 'packages.json'],
  ['package-lock.json', 'packages.lock.json'],
]);

/**
 * Installs what the workspace does not use itself, once for a lock file.
 *
 * @param source the folder of packages.json
 * @returns the folder that they are in
 * @throws BenchError `PEERS_MISSING`
 */
export async function installPeers(source: string): Promise<string> {
  const texts = await Promise.all(
    [...manifests.values()].map((name) => readFile(path.join(source, name))),
  );
  const identity = createHash('sha256').update(Buffer.concat(texts)).digest('hex').slice(0, 16);
  const folder = path.join(homedir(), '.cache/typerush/bench-game', identity);
  if (!existsSync(folder)) await installInto(source, folder);
  return folder;
}

async function installInto(source: string, folder: string): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(path.dirname(folder), { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const [name, file] of manifests) {
    await cp(path.join(source, file), path.join(partial, name));
  }
  // Colyseus declares peers that this race does not use, such as its accounts.
  const flags = ['--legacy-peer-deps', '--ignore-scripts', '--no-audit', '--no-fund'];
  try {
    await promisify(execFile)('npm', ['ci', ...flags, '--prefer-offline'], { cwd: partial });
  } catch (cause) {
    throw new BenchError(
      'PEERS_MISSING',
      'Cannot install Colyseus and the msgpack parser: npm ci failed.\n' +
        'Fix: check the network and the registry (npm ping),\n' +
        `     or measure without them: --ways=ours,first,ws\n${String((cause as { stderr?: string }).stderr)}`,
      { cause },
    );
  }
  await rename(partial, folder);
}
