import {
  type ContentSource,
  type ContentTarget,
  type Manifest,
  readContent,
} from '../src/content/content-store';
import { copy } from '../src/content/copy';
import { isComplete } from '../src/content/image-graph';
import { digestOf } from '../src/digest';
import { type Descriptor, MEDIA_TYPE } from '../src/manifest';
import { MemoryStore } from './memory-store';

/** A store under test, which may be only a source or only a target. */
export interface StoreUnderTest {
  readonly source?: ContentSource;
  readonly target?: ContentTarget;
  /** It does not contain complete images. */
  readonly isSparse?: boolean;
  /** Puts an image into a source that has no target. */
  readonly fill?: (image: SmallImage) => Promise<void>;
}

export interface SmallImage {
  readonly store: MemoryStore;
  readonly layer: Descriptor;
  readonly top: Manifest;
  /** A manifest whose subject is the image. */
  readonly referrer: Manifest;
}

const json = (content: object) => Buffer.from(JSON.stringify(content));

const described = (mediaType: string, bytes: Buffer): Manifest => ({
  descriptor: { mediaType, digest: digestOf(bytes), size: bytes.length },
  bytes,
});

export async function smallImage(text: string): Promise<SmallImage> {
  const store = new MemoryStore();
  const add = async (mediaType: string, bytes: Buffer) => {
    const content = described(mediaType, bytes);
    await store.push(content.descriptor, async () => bytes);
    return content;
  };
  const layer = await add(MEDIA_TYPE.ociLayerGzip, Buffer.from(`layer ${text}`));
  const rootfs = { type: 'layers', diff_ids: [] };
  const config = await add(
    MEDIA_TYPE.ociConfig,
    json({ os: 'linux', architecture: 'amd64', rootfs, text }),
  );
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: config.descriptor,
    layers: [layer.descriptor],
  };
  const top = await add(MEDIA_TYPE.ociManifest, json(manifest));
  const artifact = { ...manifest, artifactType: 'application/x-note', subject: top.descriptor };
  const referrer = await add(MEDIA_TYPE.ociManifest, json(artifact));
  await store.tag(top, 'v1');
  return { store, layer: layer.descriptor, top, referrer };
}

/** The tests of all content stores. */
export function describeContentStore(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} as a content store`, () => {
    let image: SmallImage;
    let under: StoreUnderTest;
    beforeEach(async () => {
      image = await smallImage(name);
      under = await open();
    });

    const filled = async (tags: readonly string[] = ['v1']) => {
      const { source, target, fill } = under;
      if (target) await copy(image.store, 'v1', target, { tags, referrers: true });
      else await fill?.(image);
      return source;
    };

    it('has a copied image under its tag and its digest, complete', async () => {
      const source = await filled();
      if (!source) return;
      expect((await source.resolve('v1'))?.digest).toBe(image.top.descriptor.digest);
      const byDigest = await source.resolve(image.top.descriptor.digest);
      expect(byDigest).toMatchObject(image.top.descriptor);
      expect(await isComplete(source, image.top.descriptor)).toBe(under.isSparse !== true);
    });

    it('gives back the bytes that were stored', async () => {
      const source = await filled();
      for (const blob of source ? [image.layer, image.top.descriptor] : []) {
        const given = await readContent((await source?.fetch(blob)) ?? '');
        expect(digestOf(given)).toBe(blob.digest);
      }
    });

    it('resolves an unknown tag or digest to nothing, and fails to fetch unknown content', async () => {
      const { source } = under;
      if (!source) return;
      expect(await source.resolve('none')).toBeUndefined();
      expect(await source.resolve(digestOf('none'))).toBeUndefined();
      const unknown = { ...image.layer, digest: digestOf('none') };
      expect(await source.exists(unknown)).toBe(false);
      const fetching = source.fetch(unknown).then(readContent);
      await expect(fetching).rejects.toMatchObject({ code: expect.any(String) });
    });

    it('lists the referrers of an image', async () => {
      const { source, target } = under;
      if (!source || !target) return;
      await filled();
      await target.tag(image.referrer, 'note');
      const found = await source.referrers(image.top.descriptor.digest);
      expect(found.map(({ digest }) => digest)).toEqual([image.referrer.descriptor.digest]);
    });

    it('stores content once', async () => {
      const { target } = under;
      if (!target) return;
      const push = () => target.push(image.layer, () => image.store.fetch(image.layer));
      expect(await push()).toBe('uploaded');
      expect(await push()).toBe('present');
      expect(await target.exists(image.layer)).toBe(true);
    });

    it('rejects content that does not have its digest', async () => {
      const { source, target } = under;
      if (!source || !target) return;
      const wrong = async () => Buffer.from('x'.repeat(image.layer.size));
      await expect(target.push(image.layer, wrong)).rejects.toMatchObject({
        code: expect.stringMatching(/DIGEST/),
      });
      expect(await target.exists(image.layer)).toBe(false);
    });

    it('moves a tag to another image', async () => {
      const { target } = under;
      const source = await filled(['latest']);
      if (!source || !target) return;
      const other = await smallImage('another');
      await copy(other.store, 'v1', target, { tags: ['latest'] });
      expect((await source.resolve('latest'))?.digest).toBe(other.top.descriptor.digest);
      expect(await source.resolve(image.top.descriptor.digest)).toBeDefined();
    });
  });
}
