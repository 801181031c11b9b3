import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageFile } from './image-file';

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md#whiteouts */
const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Writes what layers hold, one over the other, into a folder that takes the place of `/`. */
export async function writeRootFs(files: readonly ImageFile[], root: string): Promise<void> {
  const standing = overlay(files);
  const at = (target: string) => path.join(root, path.posix.normalize(`/${target}`));
  const links = [];
  for (const [target, file] of standing) {
    const place = at(target);
    if (file.type === 'directory') await mkdir(place, { recursive: true });
    else await mkdir(path.dirname(place), { recursive: true });
    if (file.type === 'file') await writeFile(place, file.content, { mode: file.mode });
    if (file.type === 'hardlink') await writeFile(place, contentOf(file, standing));
    if (file.type === 'symlink') links.push({ target, file });
  }
  // Last, and none to a place outside: nothing is written through them.
  for (const { target, file } of links) {
    const aim = at(path.posix.resolve(path.posix.dirname(target), file.target ?? '.'));
    await symlink(aim, at(target));
  }
}

/** What is there in the end, by its path. */
function overlay(files: readonly ImageFile[]): ReadonlyMap<string, ImageFile> {
  const standing = new Map<string, ImageFile>();
  const remove = (target: string, itself: boolean) => {
    if (itself) standing.delete(target);
    for (const path of standing.keys()) if (path.startsWith(`${target}/`)) standing.delete(path);
  };
  for (const file of files) {
    const folder = path.posix.dirname(file.path);
    const name = path.posix.basename(file.path);
    if (name === opaque) remove(folder, false);
    else if (name.startsWith(whiteout)) {
      remove(path.posix.join(folder, name.slice(whiteout.length)), true);
    } else standing.set(file.path, file);
  }
  return standing;
}

function contentOf({ target = '' }: ImageFile, standing: ReadonlyMap<string, ImageFile>): Buffer {
  return standing.get(path.posix.join('/', target))?.content ?? Buffer.alloc(0);
}
