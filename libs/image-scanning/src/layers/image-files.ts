import { type LayerEntry } from './read-layer';

const whiteout = '.wh.';
const opaque = '.wh..wh..opq';

/** Linux opens no longer path. */
const maximumPath = 4096;

interface Folder<T> {
  readonly children: Map<string, Folder<T>>;
  value?: T;
}

const newFolder = <T>(): Folder<T> => ({ children: new Map() });

/**
 * What was kept of the files of an image, after its layers were applied in order. All other entries count only in that they
 * take the place of a kept file. https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md
 */
export class ImageFiles<T> {
  /** Of the layers below the present one, and of that one: whiteouts hide only the former, wherever they are in their layer. */
  private readonly below = newFolder<T>();
  private own = newFolder<T>();

  /** @param value what is kept of the file, if anything */
  add({ path, type, target, isHardLink }: LayerEntry, value: T | undefined): void {
    const slash = path.lastIndexOf('/') + 1;
    const [folder, name] = [path.slice(0, slash), path.slice(slash)];
    if (name === opaque) return clear(this.below, folder);
    if (name.startsWith(whiteout)) {
      return remove(this.below, `${folder}${name.slice(whiteout.length)}`);
    }
    const linked = isHardLink && target !== undefined ? this.get(target) : undefined;
    for (const tree of [this.below, this.own]) {
      // A folder leaves what is in it.
      if (type === 'folder') delete find(tree, path)?.value;
      else remove(tree, path);
    }
    const kept = value ?? linked;
    if (kept !== undefined && path.length <= maximumPath) set(this.own, path, kept);
  }

  /** What was kept of a file, in any layer so far. */
  get(path: string): T | undefined {
    return find(this.own, path)?.value ?? find(this.below, path)?.value;
  }

  /** Ends a layer. */
  endLayer(): void {
    for (const [path, value] of filesIn(this.own, '')) set(this.below, path, value);
    this.own = newFolder();
  }

  /** What was kept, by path. */
  files(): Iterable<readonly [path: string, value: T]> {
    return filesIn(this.below, '');
  }
}

const partsOf = (path: string) => path.split('/').filter((part) => part !== '' && part !== '.');

function find<T>(tree: Folder<T>, path: string): Folder<T> | undefined {
  let folder: Folder<T> | undefined = tree;
  for (const part of partsOf(path)) folder = folder?.children.get(part);
  return folder;
}

function clear<T>(tree: Folder<T>, path: string): void {
  find(tree, path)?.children.clear();
}

function remove<T>(tree: Folder<T>, path: string): void {
  const parts = partsOf(path);
  const last = parts.pop();
  if (last !== undefined) find(tree, parts.join('/'))?.children.delete(last);
}

function set<T>(tree: Folder<T>, path: string, value: T): void {
  let folder = tree;
  for (const part of partsOf(path)) {
    const child = folder.children.get(part) ?? newFolder<T>();
    folder.children.set(part, child);
    folder = child;
  }
  folder.value = value;
}

function* filesIn<T>(folder: Folder<T>, path: string): Generator<readonly [string, T]> {
  if (folder.value !== undefined) yield [path, folder.value];
  for (const [name, child] of folder.children) {
    yield* filesIn(child, path === '' ? name : `${path}/${name}`);
  }
}
