import { createHash } from 'node:crypto';
import { lstat, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runOk } from './run';

/** Path, mode, owner and content hash of all files of an image below `folder`. */
export async function imageTree(image: string, folder: string): Promise<string[]> {
  const container = (await runOk('docker', ['create', image])).trim();
  const target = await mkdtemp(join(tmpdir(), 'image-tree-'));
  try {
    await runOk('docker', ['cp', '--archive', `${container}:${folder}/.`, target]);
    const paths = (await readdir(target, { recursive: true })).sort();
    return await Promise.all(paths.map((path) => describe(join(target, path), path)));
  } finally {
    await runOk('docker', ['rm', container]);
    await rm(target, { recursive: true });
  }
}

async function describe(file: string, path: string): Promise<string> {
  const { mode, uid, gid } = await lstat(file);
  const content = (mode & 0o170000) === 0o100000 ? await readFile(file) : Buffer.alloc(0);
  const hash = createHash('sha256').update(content).digest('hex');
  return `${mode.toString(8)} ${uid}:${gid} ${hash} ${path}`;
}
