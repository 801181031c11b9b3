import { execFileSync } from 'node:child_process';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { temporaryFolder } from '../../test/temporary-folder';
import { digestOf } from '../digest';
import { hostArchitecture, parsePlatform } from '../platform';
import { baseBlobs } from './registry-base';
import { STAND_IN_LABEL, standInBase, type StandInTar, writeStandInTar } from './stand-in';

const folder = temporaryFolder();
// Packs a hundred megabytes several times.
jest.setTimeout(120_000);

const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('standInBase', () => {
  it('reports a cache folder that cannot be written', async () => {
    const cacheDir = path.join(folder(), 'file');
    await writeFile(cacheDir, 'not a folder');
    const base = await standInBase({ cacheDir }).resolve('node:1');
    const loading = base.load(parsePlatform(`linux/${hostArchitecture(process.arch)}`));
    await expect(loading).rejects.toMatchObject({ code: 'FOLDER_UNWRITABLE' });
  });

  let tar: StandInTar;
  const blobs = () =>
    baseBlobs({
      cacheDir: path.join(folder(), 'cache'),
      base: { reference: 'node:1', standIn: true },
      remedy: 'Build it again.',
    });

  beforeAll(async () => {
    tar = await writeStandInTar(path.join(folder(), 'a', 'rootfs.tar'));
  });

  it('has the same files in its layer and in the tar for docker import, and a label', async () => {
    expect(tar.digest).toBe(digestOf(await readFile(tar.path)));
    expect(tar.changes).toContain(`LABEL ${STAND_IN_LABEL}="node ${process.version}"`);

    const base = await standInBase({ cacheDir: path.join(folder(), 'cache') }).resolve('node:1');
    expect(base).toMatchObject({ reference: 'node:1', standIn: true, platforms: [tar.platform] });
    const { config, layers } = await base.load(parsePlatform(tar.platform));
    expect(config.config?.Labels).toEqual({ [STAND_IN_LABEL]: `node ${process.version}` });
    const [layer] = layers;
    expect(layer?.diffId).toBe(tar.digest);
    if (!layer) throw new Error('a stand-in has a layer');
    const bytes = await readFile(await blobs()(layer.descriptor));
    expect(digestOf(bytes)).toBe(layer.descriptor.digest);
    expect(digestOf(gunzipSync(bytes))).toBe(tar.digest);
  });

  it('reads its layer from the cache the second time', async () => {
    const source = standInBase({ cacheDir: path.join(folder(), 'cache') });
    const load = async () => {
      const base = await source.resolve('node:1');
      const [layer] = (await base.load(parsePlatform(base.platforms[0] ?? ''))).layers;
      if (!layer) throw new Error('a stand-in has a layer');
      return layer.descriptor;
    };
    const { mtimeMs } = await stat(await blobs()(await load()));
    expect((await stat(await blobs()(await load()))).mtimeMs).toBe(mtimeMs);
  });

  it('reports a damaged layer with the remedy, and writes it again in the next build', async () => {
    const base = await standInBase({ cacheDir: path.join(folder(), 'cache') }).resolve('node:1');
    const load = () => base.load(parsePlatform(tar.platform));
    const [layer] = (await load()).layers;
    if (!layer) throw new Error('a stand-in has a layer');
    const file = await blobs()(layer.descriptor);
    const bytes = await readFile(file);
    await writeFile(file, Buffer.alloc(bytes.length));
    await expect(blobs()(layer.descriptor)).rejects.toMatchObject({
      code: 'BASE_BLOB_MISSING',
      message: expect.stringContaining('Build it again.'),
    });
    await load();
    expect(digestOf(await readFile(await blobs()(layer.descriptor)))).toBe(layer.descriptor.digest);
  });

  it('has the identity of the files of the host', async () => {
    const source = standInBase({ cacheDir: path.join(folder(), 'cache') });
    const [one, two] = [await source.resolve('node:1'), await source.resolve('node:2')];
    expect(one.identity).toMatch(/^stand-in:[0-9a-f]{64}$/);
    expect(two.identity).toBe(one.identity);
  });

  it('contains all libraries of node', async () => {
    const root = path.join(folder(), 'root');
    await mkdir(root);
    execFileSync('tar', ['-xf', tar.path, '-C', root, '--no-same-owner']);
    const listed = execFileSync('tar', ['-tvf', tar.path, '--numeric-owner']).toString();
    expect(listed).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/m);
    expect(listed).toMatch(/^drwxr-xr-x 1000\/1000 .* home\/node\/$/m);
    expect(await readFile(path.join(root, 'etc/passwd'), 'utf8')).toContain('node:x:1000:1000');
    expect(tar.shell).toBe(
      (await stat(path.join(root, 'bin/busybox')).catch(() => undefined)) !== undefined,
    );
    const libraries = execFileSync('ldd', [path.join(root, 'usr/local/bin/node')]).toString();
    for (const [library] of libraries.matchAll(/(?<= )\/\S+/g)) {
      await expect(stat(path.join(root, library))).resolves.toBeDefined();
    }
  });

  it('rejects a Node that is not a Linux program', async () => {
    const script = path.join(folder(), 'node');
    await writeFile(script, '#!/bin/sh\n', { mode: 0o755 });
    const source = standInBase({ cacheDir: folder(), nodeBinary: script });
    await expect(source.resolve('node:1')).rejects.toMatchObject({
      code: 'STAND_IN_UNSUPPORTED',
      message: expect.stringContaining('Linux'),
    });
  });
});
