import { randomBytes } from 'node:crypto';
import path from 'node:path';
import fc from 'fast-check';
import { digestOf as digestOfBytes } from '../../../test/fake-store';
import { FakeRegistry, type Fault } from '../../../test/fake-registry';
import { temporaryFolder } from '../../../test/temporary-folder';
import { type Digest } from '../../digest';
import { OciLayout } from '../../layout';
import { type Descriptor, MEDIA_TYPE } from '../../manifest';
import { RegistryClient } from '../registry-client';
import { pushImage } from './push-image';

const folder = temporaryFolder();
const basic = { username: 'AWS', password: 'secret-0' };
/** Larger than a chunk, smaller than one, and as large. */
const LAYERS = [70_000, 9_000, 20_000];
const CHUNK = 20_000;
const RUNS = 40;

interface Sample {
  readonly layout: OciLayout;
  readonly digest: Digest;
}

/** An index of two images that share a layer. */
async function sample(name: string): Promise<Sample> {
  const layout = await OciLayout.create(path.join(folder(), name));
  const shared = await layer(layout, LAYERS[0] ?? 0);
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const layers = [
      shared,
      await layer(layout, LAYERS[1] ?? 0),
      await layer(layout, LAYERS[2] ?? 0),
    ];
    const config = await layout.write(Buffer.from(JSON.stringify({ architecture, name })));
    const content = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociManifest };
    const written = await layout.write(
      Buffer.from(
        JSON.stringify({
          ...content,
          config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
          layers,
        }),
      ),
    );
    manifests.push({ mediaType: MEDIA_TYPE.ociManifest, ...written });
  }
  const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
  const written = await layout.write(Buffer.from(JSON.stringify(index)));
  await layout.setImages([{ mediaType: MEDIA_TYPE.ociIndex, ...written }]);
  return { layout, digest: written.digest };
}

async function layer(layout: OciLayout, size: number): Promise<Descriptor> {
  return { mediaType: MEDIA_TYPE.ociLayerGzip, ...(await layout.write(randomBytes(size))) };
}

/** The digest that a tag names, once all behind it has been seen to be there, byte for byte. */
function wholeImage(registry: FakeRegistry, tag: string): string | undefined {
  const top = registry.manifests.get(`r/${tag}`);
  if (!top) return undefined;
  const check = (bytes: Buffer): void => {
    const content = JSON.parse(bytes.toString()) as {
      config?: Descriptor;
      layers?: Descriptor[];
      manifests?: Descriptor[];
    };
    for (const { digest, size } of [
      ...(content.layers ?? []),
      ...(content.config ? [content.config] : []),
    ]) {
      const blob = registry.blobs.get(`r/${digest}`);
      expect(blob?.length).toBe(size);
      expect(digestOfBytes(blob ?? Buffer.alloc(0))).toBe(digest);
    }
    for (const { digest } of content.manifests ?? []) {
      const child = registry.manifests.get(`r/${digest}`);
      expect(child).toBeDefined();
      if (child) check(child.bytes);
    }
  };
  check(top.bytes);
  return digestOfBytes(top.bytes);
}

const target = fc.constantFrom(
  /^HEAD/,
  /^POST/,
  /^PATCH/,
  /^PUT .*blobs/,
  /^GET/,
  /^PUT .*manifests/,
  /./,
);
const harm = fc.oneof(
  fc.record({ drop: fc.constantFrom('before' as const, 'after' as const) }),
  fc.record({ cutAfterBytes: fc.integer({ min: 1, max: 25_000 }) }),
  fc.record({ status: fc.constantFrom(500, 502, 503, 504, 429, 507, 404, 416, 400, 403) }),
  fc.record({ status: fc.constantFrom(500, 413), early: fc.constant(true) }),
  fc.record({ forgetUploads: fc.constant(true) }),
  fc.record({ silent: fc.constant(true) }),
);
const fault = fc
  .tuple(target, fc.integer({ min: 1, max: 6 }), harm)
  .map(([when, times, what]): Fault => ({ when, times, ...what }));

/** One client with patience, and one without. */
async function open(registry: FakeRegistry) {
  let password = basic.password;
  const host = await registry.start();
  const of = (idleTimeoutMs: number) =>
    new RegistryClient({
      host,
      retry: { retries: 2, minDelayMs: 1, maxDelayMs: 2 },
      idleTimeoutMs,
      chunkBytes: CHUNK,
      credentials: async () => ({ username: 'AWS', password }),
    });
  const expire = () => registry.gate.rotate((password = 'secret-1'));
  return { calm: of(60_000), hasty: of(60), expire };
}

describe('whatever goes wrong in a push', () => {
  let old: Sample;
  let next: Sample;
  beforeAll(async () => {
    old = await sample('old');
    next = await sample('next');
  });

  it('a tag names the new image, whole, or what it named before; and the next push succeeds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 5 }),
        fc.boolean(),
        fc.option(fc.nat(12)),
        async (faults, chunks, expiresAfter) => {
          const registry = new FakeRegistry({ basic, chunks, immutable: /^v/ });
          const { calm, hasty, expire } = await open(registry);
          const push = (client: RegistryClient, image: Sample, version: string) => {
            const tags = { fixed: [version], moving: ['latest'] };
            const onProgress = () => {
              if (image === next && events++ === expiresAfter) expire();
            };
            return pushImage({ ...image, client, repository: 'r', tags, onProgress });
          };
          let events = 0;
          try {
            await push(calm, old, 'v1');
            registry.faults.push(...faults);
            const failure = await push(hasty, next, 'v2').then(
              () => undefined,
              (error: unknown) => error,
            );
            const version = wholeImage(registry, 'v2');
            const latest = wholeImage(registry, 'latest');
            expect([old.digest, next.digest]).toContain(latest);
            expect([undefined, next.digest]).toContain(version);
            if (latest === next.digest) expect(version).toBe(next.digest);
            if (!failure) expect(latest).toBe(next.digest);
            else expect(failure).toMatchObject({ code: expect.any(String) });
            registry.faults.length = 0;
            await push(calm, next, 'v2');
            expect(wholeImage(registry, 'latest')).toBe(next.digest);
            expect(wholeImage(registry, 'v2')).toBe(next.digest);
            expect(wholeImage(registry, 'v1')).toBe(old.digest);
          } finally {
            await registry.stop();
          }
        },
      ),
      { numRuns: RUNS },
    );
  }, 120_000);
});
