import path from 'node:path';
import { type Entry, type FileSource, textOf } from './file-source';

/** A path of which only a container engine knows the content. */
export class OutsideMount extends Error {
  constructor(readonly target: string) {
    super(`${textOf(target)} is outside of it`);
  }
}

/** A file system of which one folder is known, and the folders above it. */
export class MountedFiles implements FileSource {
  constructor(
    private readonly files: FileSource,
    /** The folder in this file system. */
    private readonly folder: string,
  ) {}

  async entry(target: string): Promise<Entry | undefined> {
    const inner = this.inner(target);
    if (inner !== undefined) return this.files.entry(inner);
    return { type: 'folder', mode: 0o755, uid: 0, gid: 0 };
  }

  async list(folder: string): Promise<readonly string[]> {
    const inner = this.inner(folder);
    if (inner === undefined) throw new OutsideMount(folder);
    return this.files.list(inner);
  }

  /** undefined above the known folder. @throws OutsideMount */
  private inner(target: string): string | undefined {
    const relative = path.posix.relative(this.folder, target);
    if (!relative.startsWith('..')) return `/${relative}`;
    if (!path.posix.relative(target, this.folder).startsWith('..')) return undefined;
    throw new OutsideMount(target);
  }
}
