import path from 'node:path';
import { type Descriptor, type Digest, digestOf, MEDIA_TYPE, OciLayout } from '@typerush/oci';
import { writeBuiltImage, type BuiltImage } from '@typerush/pipeline-context';

interface Sample {
  /** Of the service's own layer: another text is another image. */
  readonly content: string;
  /** That the layer is copied to. @default /app/service/ */
  readonly folder?: string;
  readonly platforms?: readonly string[];
  readonly base?: BuiltImage['base'];
}

/** Writes a small image as docker-build does: a layout, and `build.json` beside it. */
export async function buildSample(outDir: string, sample: Sample): Promise<BuiltImage> {
  const { platforms = ['linux/amd64'] } = sample;
  const base = sample.base ?? { reference: 'node', digest: null, standIn: false };
  const layout = await OciLayout.create(path.join(outDir, 'oci'));
  const built = [];
  for (const platform of platforms) built.push(await buildPlatform(layout, platform, sample));
  const manifests = built.map(({ descriptor }) => descriptor);
  const [first] = manifests;
  const top = manifests.length > 1 ? await putIndex(layout, manifests) : first;
  if (!top) throw new Error('a sample has a platform');
  await layout.setImages([top]);
  const image: BuiltImage = {
    service: 'app',
    repository: 'team/app',
    engine: 'oci',
    digest: top.digest,
    mediaType: top.mediaType,
    platforms: built.map((one) => one.platform),
    base,
    layout: 'oci',
  };
  await writeBuiltImage(outDir, image);
  return image;
}

async function buildPlatform(layout: OciLayout, platform: string, sample: Sample) {
  const { content, folder = '/app/service/' } = sample;
  const put = (text: string) => layout.write(Buffer.from(text));
  const [os, architecture] = platform.split('/');
  const layers = [
    { ...(await put(`base for ${platform}`)), fromBase: true },
    { ...(await put(`layer of ${content}`)), fromBase: false },
  ];
  const history = [{ created_by: 'the base' }, { created_by: `COPY /dist ${folder} # buildkit` }];
  const diffIdOf = ({ digest }: { readonly digest: Digest }) => digestOf(`diff ${digest}`);
  const rootfs = { type: 'layers', diff_ids: layers.map(diffIdOf) };
  const config = await put(JSON.stringify({ os, architecture, content, rootfs, history }));
  const manifest = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: MEDIA_TYPE.ociLayerGzip,
      digest,
      size,
    })),
  };
  const { digest, size } = await put(JSON.stringify(manifest));
  const descriptor: Descriptor = { mediaType: MEDIA_TYPE.ociManifest, digest, size };
  return {
    descriptor: { ...descriptor, platform: { os: os ?? '', architecture: architecture ?? '' } },
    platform: {
      platform,
      digest,
      configDigest: config.digest,
      layers: layers.map((layer) => ({ ...layer, diffId: diffIdOf(layer) })),
    },
  };
}

async function putIndex(layout: OciLayout, manifests: readonly Descriptor[]): Promise<Descriptor> {
  const mediaType = MEDIA_TYPE.ociIndex;
  const blob = await layout.write(
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })),
  );
  return { mediaType, ...blob };
}
