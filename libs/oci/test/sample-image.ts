import { randomBytes } from 'node:crypto';
import { type Digest } from '../src/digest';
import { OciLayout } from '../src/layout';
import { type Descriptor, MEDIA_TYPE } from '../src/manifest';

export interface SampleImage {
  readonly layout: OciLayout;
  readonly digest: Digest;
  /** In the order of the manifests; the first one is in both images. */
  readonly layers: readonly Descriptor[];
}

/** An index of two images of random layers: a shared one, and two for each. */
export async function sampleImage(
  dir: string,
  [shared, own, more]: readonly [number, number, number],
): Promise<SampleImage> {
  const layout = await OciLayout.create(dir);
  const layer = async (size: number): Promise<Descriptor> => ({
    mediaType: MEDIA_TYPE.ociLayerGzip,
    ...(await layout.write(randomBytes(size))),
  });
  const json = (content: object) => layout.write(Buffer.from(JSON.stringify(content)));
  const both = await layer(shared);
  const all = [both];
  const manifests = [];
  for (const architecture of ['amd64', 'arm64']) {
    const layers = [both, await layer(own), await layer(more)];
    all.push(...layers.slice(1));
    const config = { mediaType: MEDIA_TYPE.ociConfig, ...(await json({ architecture, dir })) };
    const mediaType = MEDIA_TYPE.ociManifest;
    manifests.push({ mediaType, ...(await json({ schemaVersion: 2, mediaType, config, layers })) });
  }
  const mediaType = MEDIA_TYPE.ociIndex;
  const { digest, size } = await json({ schemaVersion: 2, mediaType, manifests });
  await layout.setImages([{ mediaType, digest, size }]);
  return { layout, digest, layers: all };
}
