import path from 'node:path';
import fc from 'fast-check';
import { FakeRegistry, type Fault } from '../../test/fake-registry';
import { pushImage } from '../../test/push-image';
import { type SampleImage, sampleImage } from '../../test/sample-image';
import { temporaryFolder } from '../../test/temporary-folder';
import { digestOf } from '../digest';
import { type Descriptor } from '../manifest';
import { RegistryClient } from '../registry/registry-client';

const folder = temporaryFolder();
const basic = { username: 'AWS', password: 'secret-0' };
/** Larger than a chunk, smaller than one, and equal to one. */
const LAYERS = [70_000, 9_000, 20_000] as const;
const CHUNK = 20_000;
const RUNS = 25;

/** The digest that a tag points to, after checking that all its content is present and correct. */
function completeImage(registry: FakeRegistry, tag: string): string | undefined {
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
      expect(digestOf(blob ?? Buffer.alloc(0))).toBe(digest);
    }
    for (const { digest } of content.manifests ?? []) {
      const child = registry.manifests.get(`r/${digest}`);
      expect(child).toBeDefined();
      if (child) check(child.bytes);
    }
  };
  check(top.bytes);
  return digestOf(top.bytes);
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
  .tuple(target, fc.integer({ min: 1, max: 6 }), fc.nat(9), harm)
  .map(([when, times, skip, what]): Fault => ({ when, times, skip, ...what }));

/** A client with retries, and one without. */
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

describe('a push with any fault', () => {
  let old: SampleImage;
  let next: SampleImage;
  beforeAll(async () => {
    old = await sampleImage(path.join(folder(), 'old'), LAYERS);
    next = await sampleImage(path.join(folder(), 'next'), LAYERS);
  });

  it('leaves each tag on the complete new image or on the previous one, and the next push succeeds', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 5 }),
        fc.boolean(),
        fc.option(fc.nat(12)),
        async (faults, chunks, expiresAfter) => {
          const registry = new FakeRegistry({ basic, chunks, immutable: /^v/ });
          const { calm, hasty, expire } = await open(registry);
          const push = (client: RegistryClient, image: SampleImage, version: string) => {
            const tags = { fixed: [version], moving: ['latest'] };
            const onProgress = () => {
              if (image === next && events++ === expiresAfter) expire();
            };
            return pushImage({ ...image, client, repository: 'r', tags, onProgress });
          };
          let events = 0;
          try {
            await push(calm, old, 'v1');
            registry.faults.push(...faults.map((one) => ({ ...one })));
            const failure = await push(hasty, next, 'v2').then(
              () => undefined,
              (error: unknown) => error,
            );
            const version = completeImage(registry, 'v2');
            const latest = completeImage(registry, 'latest');
            expect([old.digest, next.digest]).toContain(latest);
            expect([undefined, next.digest]).toContain(version);
            if (latest === next.digest) expect(version).toBe(next.digest);
            if (!failure) expect(latest).toBe(next.digest);
            else expect(failure).toMatchObject({ code: expect.any(String) });
            registry.faults.length = 0;
            await push(calm, next, 'v2');
            expect(completeImage(registry, 'latest')).toBe(next.digest);
            expect(completeImage(registry, 'v2')).toBe(next.digest);
            expect(completeImage(registry, 'v1')).toBe(old.digest);
          } finally {
            await registry.stop();
          }
        },
      ),
      { numRuns: RUNS },
    );
  }, 240_000);
});
