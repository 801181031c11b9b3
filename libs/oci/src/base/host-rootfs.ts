import { createReadStream, existsSync } from 'node:fs';
import { readdir, readlink, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { byName } from '../layer/create-layer';
import { type TarEntry } from '../layer/tar';
import { busyboxApplets, requireElf, sharedLibraries } from './host-binary';

const CA_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/cert.pem',
];
const BUSYBOXES = ['/bin/busybox', '/usr/bin/busybox'];
/**
 * Parts of glibc that no program of the stand-in is linked to: those that it loads by name to resolve hosts (since 2.34 in libc
 * itself), and those that native addons of build tools are linked to.
 */
const GLIBC_PARTS = [
  'libnss_files.so.2',
  'libnss_dns.so.2',
  'libresolv.so.2',
  'librt.so.1',
  'libutil.so.1',
];

export const CA_BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

const ETC: Readonly<Record<string, string>> = {
  passwd: 'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n',
  group: 'root:x:0:\nnode:x:1000:\n',
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
  'os-release': 'ID=typerush-stand-in\nNAME="TypeRush base stand-in"\n',
};

export interface HostRootfs {
  /** Sorted by name. The thousands of files of npm are only read by this call. */
  readonly entries: () => Promise<readonly TarEntry[]>;
  /** Changes with each file of the host in it; npm counts as one file, its package.json. */
  readonly identity: readonly string[];
  /** Whether it has a shell, so that RUN works on it. */
  readonly shell: boolean;
  /** Whether it has the host's CA certificates, at CA_BUNDLE. */
  readonly certificates: boolean;
}

/** A root file system around the host's Node: the content of `node:<lts>-alpine` as far as the host has it. */
export async function hostRootfs(nodeBinary: string): Promise<HostRootfs> {
  const node = await realpath(nodeBinary).catch(() => nodeBinary);
  await requireElf(node);
  const rootfs = new RootfsBuilder();
  addSkeleton(rootfs);
  await rootfs.addFile('/usr/local/bin/node', node);
  const busybox = BUSYBOXES.find((file) => existsSync(file));
  if (busybox) await addBusybox(rootfs, busybox);
  await addLibraries(rootfs, [node, ...(busybox ? [busybox] : [])]);
  await addNpm(rootfs, node);
  const bundle = CA_BUNDLES.find((file) => existsSync(file));
  if (bundle) await rootfs.addFile(CA_BUNDLE, bundle);
  return {
    entries: () => rootfs.sorted(),
    identity: rootfs.identity,
    shell: busybox !== undefined,
    certificates: bundle !== undefined,
  };
}

function addSkeleton(rootfs: RootfsBuilder): void {
  for (const name of 'bin dev etc home lib lib64 proc run sbin sys usr/bin var'.split(' ')) {
    rootfs.addFolder(`/${name}`);
  }
  rootfs.addFolder('/root', 0o700);
  rootfs.addFolder('/tmp', 0o1777);
  rootfs.addFolder('/var/tmp', 0o1777);
  rootfs.addFolder('/home/node', 0o755, 1000);
  for (const [name, text] of Object.entries(ETC)) rootfs.addText(`/etc/${name}`, text);
}

async function addBusybox(rootfs: RootfsBuilder, busybox: string): Promise<void> {
  await rootfs.addFile('/bin/busybox', busybox);
  for (const applet of await busyboxApplets(busybox)) {
    rootfs.addLink(`/bin/${applet}`, 'busybox');
  }
  // Scripts start with `#!/usr/bin/env node`.
  rootfs.addLink('/usr/bin/env', '../../bin/busybox');
}

async function addLibraries(rootfs: RootfsBuilder, binaries: readonly string[]): Promise<void> {
  const libraries = new Set((await Promise.all(binaries.map(sharedLibraries))).flat());
  const libc = [...libraries].find((file) => path.basename(file) === 'libc.so.6');
  if (libc) {
    for (const name of GLIBC_PARTS) {
      const file = path.join(path.dirname(libc), name);
      if (existsSync(file)) libraries.add(file);
    }
  }
  for (const file of libraries) await rootfs.addFile(file, await realpath(file));
}

/** The npm of the same Node installation. Without one, the base image can only run services. */
async function addNpm(rootfs: RootfsBuilder, node: string): Promise<void> {
  const source = path.join(path.dirname(node), '..', 'lib', 'node_modules', 'npm');
  if (!existsSync(path.join(source, 'bin', 'npm-cli.js'))) return;
  const { size, mtimeMs } = await stat(path.join(source, 'package.json'));
  rootfs.identity.push(['npm', size, mtimeMs].join(' '));
  const target = '/usr/local/lib/node_modules/npm';
  rootfs.addTreeLater(target, source, new Set(['docs', 'man']));
  for (const name of ['npm', 'npx']) {
    rootfs.addLink(`/usr/local/bin/${name}`, `../lib/node_modules/npm/bin/${name}-cli.js`);
  }
}

class RootfsBuilder {
  readonly identity: string[] = [];
  private readonly entries = new Map<string, TarEntry>();
  private trees: (() => Promise<void>)[] = [];

  async sorted(): Promise<TarEntry[]> {
    const trees = this.trees;
    this.trees = [];
    for (const add of trees) await add();
    return [...this.entries.values()].sort(byName);
  }

  addFolder(target: string, mode = 0o755, owner = 0): void {
    this.add({ type: 'directory', name: target.slice(1), mode, uid: owner, gid: owner });
  }

  addText(target: string, text: string): void {
    const content = Buffer.from(text);
    this.add({ type: 'file', name: target.slice(1), mode: 0o644, uid: 0, gid: 0, content });
  }

  addLink(target: string, linkname: string): void {
    this.add({ type: 'symlink', name: target.slice(1), mode: 0o777, uid: 0, gid: 0, linkname });
  }

  /** The content is read when the tar is written. */
  async addFile(target: string, source: string): Promise<void> {
    const { size, mode, mtimeMs } = await stat(source);
    this.identity.push([target, size, mode & 0o111, mtimeMs].join(' '));
    this.addFileWith(target, source, { size, mode });
  }

  addTreeLater(target: string, source: string, exclude: ReadonlySet<string>): void {
    this.trees.push(() => this.addTree(target, source, exclude));
  }

  private addFileWith(
    target: string,
    source: string,
    { size, mode }: { size: number; mode: number },
  ) {
    const executable = (mode & 0o111) !== 0;
    this.add({
      type: 'file',
      name: target.slice(1),
      mode: executable ? 0o755 : 0o644,
      uid: 0,
      gid: 0,
      size,
      open: () => createReadStream(source),
    });
  }

  private async addTree(
    target: string,
    source: string,
    exclude: ReadonlySet<string>,
  ): Promise<void> {
    this.addFolder(target);
    for (const item of await readdir(source, { withFileTypes: true })) {
      if (exclude.has(item.name)) continue;
      const to = `${target}/${item.name}`;
      const from = path.join(source, item.name);
      if (item.isDirectory()) await this.addTree(to, from, new Set());
      else if (item.isSymbolicLink()) this.addLink(to, await readlink(from));
      else if (item.isFile()) this.addFileWith(to, from, await stat(from));
    }
  }

  private add(entry: TarEntry): void {
    const parent = path.posix.dirname(entry.name);
    if (parent !== '.' && !this.entries.has(parent)) this.addFolder(`/${parent}`);
    this.entries.set(entry.name, entry);
  }
}
