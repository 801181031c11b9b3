import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';

/** The executable files of that name on a search path, each once however many links lead to it. */
export async function executables(name: string, searchPath: string): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of searchPath.split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      const target = await realpath(file);
      if (!found.has(target)) found.set(target, file);
    } catch {
      continue;
    }
  }
  return [...found.values()];
}
