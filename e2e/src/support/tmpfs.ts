import { mkdir } from 'node:fs/promises';
import { runOk } from './run';

/** A small file system in memory. Mounting needs root. */
export class Tmpfs {
  private constructor(readonly folder: string) {}

  static async mount(folder: string, megabytes: number): Promise<Tmpfs> {
    await mkdir(folder, { recursive: true });
    await runOk('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', folder]);
    return new Tmpfs(folder);
  }

  async resize(megabytes: number): Promise<void> {
    await runOk('mount', ['-o', `remount,size=${megabytes}m`, this.folder]);
  }

  async unmount(): Promise<void> {
    await runOk('umount', ['--lazy', this.folder]);
  }
}
