import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { layoutOfArchive, OciLayout } from '@typerush/oci';
import { type SampleImage, writeSample } from '../test/sample-image';
import { compareImages, type CompareOptions } from './compare-images';
import { type ImagePlace } from './read-image';

const base = { '/etc/os-release': 'alpine', '/lib/libc.so': 'musl' };
const sbom = (...packages: [string, string][]) =>
  JSON.stringify({
    bomFormat: 'CycloneDX',
    components: packages.map(([name, version]) => ({ type: 'library', name, version })),
  });

describe('compareImages', () => {
  let folder: string;
  let count = 0;
  beforeAll(async () => (folder = await mkdtemp(path.join(tmpdir(), 'compare-'))));
  afterAll(() => rm(folder, { recursive: true }));

  const place = async (sample: SampleImage): Promise<ImagePlace> => {
    const dir = path.join(folder, `layout-${count++}`);
    const reference = await writeSample(dir, sample);
    return { name: path.basename(dir), source: await OciLayout.open(dir), reference };
  };
  const steps: string[] = [];
  const compare = async (
    before: SampleImage,
    after: SampleImage,
    options: Partial<CompareOptions> = {},
  ) =>
    compareImages([await place(before), await place(after)], {
      files: true,
      findings: () => Promise.resolve(undefined),
      progress: (step) => void steps.push(step),
      ...options,
    });
  const changesOf = (differences: readonly { name: string; change: string }[] | null) =>
    Object.fromEntries((differences ?? []).map(({ name, change }) => [name, change]));

  it('reports files, packages, configuration and layers that differ', async () => {
    const difference = await compare(
      {
        layers: [
          base,
          {
            '/app/main.js': 'one',
            '/app/old.js': 'x',
            '/app/bom.cdx.json': sbom(['zod', '4.0.0'], ['left-pad', '1.3.0']),
          },
        ],
        run: { Env: ['PORT=3000'], User: '1000:1000' },
      },
      {
        layers: [
          base,
          {
            '/app/main.js': 'two!',
            '/app/new.js': 'y',
            '/app/bom.cdx.json': sbom(['zod', '4.1.0'], ['ms', '2.0.0']),
          },
        ],
        run: { Env: ['PORT=3001'], User: '1000:1000', Cmd: ['node', 'main.js'] },
      },
    );
    expect(difference.equal).toBe(false);
    expect(difference.sharedLayers).toBe(1);
    expect(changesOf(difference.files)).toEqual({
      '/app/bom.cdx.json': 'changed',
      '/app/main.js': 'changed',
      '/app/new.js': 'added',
      '/app/old.js': 'removed',
    });
    expect(difference.packages).toEqual([
      { name: 'left-pad', change: 'removed', before: { version: '1.3.0' } },
      { name: 'ms', change: 'added', after: { version: '2.0.0' } },
      { name: 'zod', change: 'changed', before: { version: '4.0.0' }, after: { version: '4.1.0' } },
    ]);
    expect(difference.config).toEqual([
      { name: 'Cmd', change: 'added', after: '["node","main.js"]' },
      { name: 'Env.PORT', change: 'changed', before: '3000', after: '3001' },
    ]);
    expect(difference.layers).toMatchObject([{ name: './layer1/', change: 'changed' }]);
  });

  it('finds no difference between the same image for several platforms', async () => {
    const sample = { layers: [base], platforms: ['linux/amd64', 'linux/arm64'] };
    expect(await compare(sample, sample)).toMatchObject({
      equal: true,
      files: [],
      layers: [],
      config: [],
      packages: null,
    });
  });

  it('respects whiteouts, and files of the shared layers below', async () => {
    const difference = await compare(
      { layers: [base, { '/app/a.js': 'a', '/app/lib/b.js': 'b' }] },
      {
        layers: [
          base,
          {
            '/app/a.js': 'a',
            '/app/lib/c.js': 'c',
            '/etc/.wh.os-release': '',
            '/lib/libc.so': 'glibc',
          },
          { '/app/lib/.wh..wh..opq': '', '/app/lib/d.js': 'd' },
        ],
      },
    );
    expect(changesOf(difference.files)).toEqual({
      '/app/lib/b.js': 'removed',
      '/app/lib/d.js': 'added',
      '/etc/os-release': 'removed',
      '/lib/libc.so': 'changed',
    });
  });

  it('reads shared layers only if a path is in one image alone', async () => {
    steps.length = 0;
    await compare({ layers: [base, { '/a': '1' }] }, { layers: [base, { '/a': '2' }] });
    expect(steps).toHaveLength(2);
  });

  it('reads no layer unless files are requested', async () => {
    steps.length = 0;
    const sample = { layers: [base, { '/a': '1' }] };
    const difference = await compare(sample, { layers: [base] }, { files: false });
    expect(difference.files).toBeNull();
    expect(steps).toEqual([]);
  });

  it('reports findings that only one of the images has, if both have a scan', async () => {
    const finding = (id: string) => ({ id, severity: 'HIGH', package: 'openssl' });
    const found = new Map([['layout', [finding('CVE-2026-1'), finding('CVE-2026-2')]]]);
    let calls = 0;
    const difference = await compare(
      { layers: [base] },
      { layers: [{ '/a': '1' }] },
      {
        findings: async () => (calls++ === 0 ? found.get('layout') : [finding('CVE-2026-2')]),
      },
    );
    expect(changesOf(difference.findings)).toEqual({ 'CVE-2026-1 in openssl': 'removed' });
  });

  it('rejects images without a common platform, and a platform that one lacks', async () => {
    const amd = { layers: [base], platforms: ['linux/amd64'] };
    const arm = { layers: [base], platforms: ['linux/arm64'] };
    await expect(compare(amd, arm)).rejects.toMatchObject({
      code: 'PLATFORMS_DIFFER',
      message: expect.stringContaining('the first is for linux/amd64, the second for linux/arm64'),
    });
    await expect(compare(amd, amd, { platform: 'linux/arm64' })).rejects.toThrow(
      'Fix: compare a platform that both have: --platform=linux/amd64',
    );
  });

  it('rejects a layer that is damaged', async () => {
    const one = await place({ layers: [base, { '/a': '1' }] });
    const other = await place({ layers: [base, { '/a': '2' }] });
    const layout = one.source as OciLayout;
    const text = (await layout.read(one.reference as never)).toString();
    const { layers } = JSON.parse(text) as {
      layers: { digest: `sha256:${string}`; size: number }[];
    };
    const layer = layers[1];
    await writeFile(layout.blobPath(layer?.digest ?? 'sha256:'), Buffer.alloc(layer?.size ?? 0));
    await expect(
      compareImages([one, other], {
        files: true,
        findings: () => Promise.resolve(undefined),
        progress: () => undefined,
      }),
    ).rejects.toMatchObject({ code: 'LAYER_INVALID' });
  });

  it('finds an image in the tar of a layout equal to the layout', async () => {
    const image = await place({ layers: [base, { '/a': '1' }] });
    const file = path.join(folder, 'archive.tar');
    execFileSync('tar', ['-cf', file, '-C', (image.source as OciLayout).dir, '.']);
    const source = await layoutOfArchive(file, path.join(folder, 'unpacked'));
    const options = {
      files: true,
      findings: () => Promise.resolve(undefined),
      progress: () => undefined,
    };
    const difference = await compareImages([image, { ...image, source }], options);
    expect(difference).toMatchObject({ equal: true, files: [] });
  });
});
