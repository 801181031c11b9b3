import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageFile } from './read-layer';

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts */
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Writes the entries of layers, later ones over earlier ones, into a folder that is used as `/`. */
export async function writeRootFs(files: readonly ImageFile[], root: string): Promise<void> {
  const entries = overlay(files);
  const at = (target: string) => path.join(root, path.posix.normalize(`/${target}`));
  const links = [];
  for (const [target, file] of entries) {
    const place = at(target);
    if (file.type === 'directory') await mkdir(place, { recursive: true });
    else await mkdir(path.dirname(place), { recursive: true });
    if (file.type === 'file') await writeFile(place, file.content, { mode: file.mode });
    if (file.type === 'hardlink') await writeFile(place, contentOf(file, entries));
    if (file.type === 'symlink') links.push({ target, file });
  }
  // Links are written last and point into the root: nothing is written through them or outside of it.
  for (const { target, file } of links) {
    const aim = at(path.posix.resolve(path.posix.dirname(target), file.target ?? '.'));
    await symlink(aim, at(target));
  }
}

/** The resulting entries by path. */
function overlay(files: readonly ImageFile[]): ReadonlyMap<string, ImageFile> {
  const entries = new Map<string, ImageFile>();
  const remove = (target: string, itself: boolean) => {
    if (itself) entries.delete(target);
    for (const path of entries.keys()) if (path.startsWith(`${target}/`)) entries.delete(path);
  };
  for (const file of files) {
    const folder = path.posix.dirname(file.path);
    const name = path.posix.basename(file.path);
    if (name === opaque) remove(folder, false);
    else if (name.startsWith(whiteout)) {
      remove(path.posix.join(folder, name.slice(whiteout.length)), true);
    } else entries.set(file.path, file);
  }
  return entries;
}

function contentOf({ target = '' }: ImageFile, entries: ReadonlyMap<string, ImageFile>): Buffer {
  return entries.get(path.posix.join('/', target))?.content ?? Buffer.alloc(0);
}
