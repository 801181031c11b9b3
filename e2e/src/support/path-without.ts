import { mkdir, readdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** A PATH with all that this process finds on its own, but for some names: one folder of links. */
export async function pathWithout(folder: string, names: readonly string[]): Promise<string> {
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
