import { PassThrough } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { dpkgStatus, imageLayer, layerOf, type LayerFiles, osRelease, tarOf } from '../test/layer';
import { inventoryLimits, readInventory } from './inventory';
import { ScanError } from './scan-error';

const status = 'var/lib/dpkg/status';
const manifest = (name: string) => JSON.stringify({ name, version: '1.0.0' });
const module_ = (name: string) => `app/node_modules/${name}/package.json`;

const read = async (...layers: LayerFiles[]) =>
  readInventory((await Promise.all(layers.map(layerOf))).map((bytes) => imageLayer(bytes)));

const namesOf = async (...layers: LayerFiles[]) =>
  (await read(...layers)).packages.map(({ name }) => name);

describe('readInventory', () => {
  it('reads the operating system and packages, each with its file and layer', async () => {
    const bytes = await layerOf({
      './etc/os-release': osRelease('debian', '12'),
      [`./${status}`]: dpkgStatus(['libssl3', '3.0.11-1', 'openssl']),
    });
    const layer = imageLayer(bytes);
    expect(await readInventory([layer])).toEqual({
      system: { id: 'debian', versionId: '12', name: 'debian 12' },
      packages: [
        {
          type: 'deb',
          name: 'libssl3',
          version: '3.0.11-1',
          architecture: 'amd64',
          source: { name: 'openssl', version: '3.0.11-1' },
          file: status,
          layer: layer.digest,
        },
      ],
      problems: [],
    });
  });

  it('reads the last of several versions of a file', async () => {
    const [first, second] = [dpkgStatus(['a', '1']), dpkgStatus(['b', '1'])];
    expect(await namesOf({ [status]: first }, { [status]: second })).toEqual(['b']);
  });

  it('does not read files that a later layer removes', async () => {
    const below = { [module_('a')]: manifest('a'), [module_('b')]: manifest('b') };
    expect(await namesOf(below, { 'app/node_modules/a/.wh.package.json': '' })).toEqual(['b']);
    expect(await namesOf(below, { 'app/node_modules/.wh.a': '' })).toEqual(['b']);
    expect(await namesOf(below, { '.wh.app': '' })).toEqual([]);
    expect(await namesOf(below, { app: 'a file instead of the folder' })).toEqual([]);
    expect(await namesOf(below, { app: { type: 'symlink', linkname: 'srv' } })).toEqual([]);
    expect(await namesOf(below, { 'app/': { type: 'directory' } })).toEqual(['a', 'b']);
  });

  it('hides by an opaque folder only what is in the layers below, wherever its entry is', async () => {
    const opaque = { 'app/node_modules/.wh..wh..opq': '' };
    const own = { [module_('b')]: manifest('b') };
    const below = { [module_('a')]: manifest('a') };
    expect(await namesOf(below, { ...opaque, ...own })).toEqual(['b']);
    expect(await namesOf(below, { ...own, ...opaque })).toEqual(['b']);
  });

  it('follows hard links', async () => {
    const linked = { type: 'link', linkname: module_('a') } as const;
    const files = { [module_('a')]: manifest('a'), [module_('b')]: linked };
    expect(await namesOf(files, { 'app/node_modules/.wh.a': '' })).toEqual(['a']);
  });

  it('prefers what the package manager lists to an SBOM', async () => {
    const purl = 'pkg:deb/debian/libssl3@3.0.11-1';
    const sbom = JSON.stringify({ bomFormat: 'CycloneDX', components: [{ purl }] });
    const { packages } = await read({
      'a.cdx.json': sbom,
      [status]: dpkgStatus(['libssl3', '3.0.11-1', 'openssl']),
    });
    expect(packages).toMatchObject([{ source: { name: 'openssl' }, file: status }]);
  });

  it('reports files that cannot be read', async () => {
    const { problems } = await read({
      [module_('a')]: '{',
      'sbom.json': Buffer.alloc(33 * 1024 * 1024),
    });
    expect(problems).toEqual([
      '/app/node_modules/a/package.json is not JSON',
      `/sbom.json has ${33 * 1024 * 1024} bytes`,
    ]);
  });

  it('reads a layer that is not compressed', async () => {
    const tar = await tarOf({ [module_('a')]: manifest('a') });
    const layer = imageLayer(tar, 'application/vnd.oci.image.layer.v1.tar');
    expect((await readInventory([layer])).packages).toHaveLength(1);
  });

  it('rejects layers of an unknown kind', async () => {
    const layer = imageLayer(Buffer.alloc(0), 'application/vnd.example+xz');
    await expect(readInventory([layer])).rejects.toThrow('unsupported media type');
  });

  it('ends at the limits: bytes, entries, packages', async () => {
    const layers = [
      imageLayer(await layerOf({ [module_('a')]: manifest('a'), b: 'x'.repeat(50_000) })),
    ];
    const within = { layerBytes: 100_000, entries: 2, packages: 2 };
    expect((await readInventory(layers, within)).packages).toHaveLength(1);
    for (const limit of [{ layerBytes: 50_000 }, { entries: 1 }, { packages: 1 }]) {
      await expect(readInventory(layers, { ...within, ...limit })).rejects.toThrow(ScanError);
    }
  });

  it('stops reading a gzip bomb at the limit', async () => {
    const bomb = gzipSync(await tarOf({ zeros: Buffer.alloc(64 * 1024 * 1024) }));
    expect(bomb.length).toBeLessThan(100_000);
    const limits = { ...inventoryLimits, layerBytes: 1024 * 1024 };
    await expect(readInventory([imageLayer(bomb)], limits)).rejects.toThrow(
      'more than 1048576 bytes',
    );
  });

  it('does not keep attributes of any length in memory', async () => {
    const attributed = { type: 'directory' as const, pax: { comment: 'x'.repeat(5_000_000) } };
    const layer = imageLayer(await layerOf({ a: attributed }));
    await expect(readInventory([layer])).rejects.toThrow('a header of more than 4 MiB');
  });

  it('ends when a source fails in the middle', async () => {
    const bytes = new PassThrough();
    bytes.write((await layerOf({ a: 'x' })).subarray(0, 20));
    setImmediate(() => bytes.destroy(new Error('the disk failed')));
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+gzip';
    const layer = { digest: 'sha256:0', open: async () => ({ mediaType, bytes }) };
    await expect(readInventory([layer])).rejects.toThrow('the disk failed');
  });

  const path = fc.oneof(
    fc.constantFrom(
      status,
      module_('a'),
      'etc/os-release',
      'lib/apk/db/installed',
      'app.cdx.json',
      '../../etc/os-release',
      '/etc/os-release',
      'var/lib/dpkg/.wh.status',
      '.wh..wh..opq',
      '.wh.',
      'var',
      'x/'.repeat(3_000),
    ),
    fc.string({ minLength: 1, maxLength: 300 }),
  );
  const content = fc.oneof(
    fc.constantFrom('', '{', 'null', '[[[', dpkgStatus(['a', '1']), 'Package:\n\n:\n: :', 'ID='),
    fc.json(),
    fc.uint8Array({ maxLength: 2_000 }).map((bytes) => Buffer.from(bytes)),
    fc.record({
      type: fc.constantFrom('link' as const, 'symlink' as const, 'directory' as const),
      linkname: path,
    }),
  );
  const layerFiles = fc
    .array(fc.tuple(path, content), { maxLength: 8 })
    .map((entries) => Object.fromEntries(entries));
  const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat(255)), {
    maxLength: 4,
  });

  it('reads or rejects 200 hostile images, and never fails in another way', async () => {
    let rejected = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(layerFiles, damage, fc.boolean(), fc.boolean()), {
          minLength: 1,
          maxLength: 3,
        }),
        async (layers) => {
          const made = await Promise.all(
            layers.map(async ([files, bits, isDamagedBefore, isCut]) => {
              const tar = await tarOf(files);
              const damaged = (bytes: Buffer) => {
                const copy = Buffer.from(bytes);
                for (const [at, value] of bits) copy[Math.floor(at * copy.length)] = value;
                return isCut && bits.length > 0 ? copy.subarray(0, copy.length / 2) : copy;
              };
              return imageLayer(isDamagedBefore ? gzipSync(damaged(tar)) : damaged(gzipSync(tar)));
            }),
          );
          try {
            const { packages } = await readInventory(made);
            for (const { file } of packages) expect(file).not.toMatch(/^\/|\.\./);
          } catch (error) {
            expect(error).toBeInstanceOf(ScanError);
            rejected += 1;
          }
        },
      ),
      { numRuns: 200 },
    );
    expect(rejected).toBeGreaterThan(10);
  });
});
