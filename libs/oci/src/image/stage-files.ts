import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { OciError } from '../errors';

export type StageEntry =
  | { readonly type: 'directory'; readonly relative: string }
  | {
      readonly type: 'file';
      readonly relative: string;
      readonly content: Uint8Array;
      readonly executable: boolean;
    };

/**
 * A file, or all that a folder holds, on the host; `relative` is '' for the source itself and has `/` on every host.
 * @throws OciError `COPY_SOURCE_MISSING`, `FILE_UNSUPPORTED` for anything but files and folders
 */
export async function readStageFiles(source: string): Promise<StageEntry[]> {
  const found = await stat(source).catch((cause: unknown) => {
    throw new OciError('COPY_SOURCE_MISSING', `${source} is not there. Build the project first.`, {
      cause,
    });
  });
  if (found.isDirectory()) return readFolder(source, '');
  return [await readOne(source, '')];
}

async function readFolder(folder: string, relative: string): Promise<StageEntry[]> {
  const entries: StageEntry[] = [];
  for (const item of await readdir(folder, { withFileTypes: true })) {
    const inside = path.posix.join(relative, item.name);
    const file = path.join(folder, item.name);
    if (item.isDirectory()) {
      entries.push({ type: 'directory', relative: inside }, ...(await readFolder(file, inside)));
    } else if (item.isFile()) {
      entries.push(await readOne(file, inside));
    } else {
      const kind = item.isSymbolicLink() ? 'a symbolic link' : 'no regular file';
      throw new OciError(
        'FILE_UNSUPPORTED',
        `${file} is ${kind}: an image takes files and folders. Copy what it stands for.`,
      );
    }
  }
  return entries;
}

async function readOne(file: string, relative: string): Promise<StageEntry> {
  const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
  return { type: 'file', relative, content, executable: (mode & 0o100) !== 0 };
}
