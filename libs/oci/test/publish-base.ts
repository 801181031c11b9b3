import { digestOf, type Digest } from '../src/digest';
import { createLayer } from '../src/layer/create-layer';
import { MEDIA_TYPE } from '../src/manifest';
import { type FakeRegistry } from './fake-registry';

export interface PublishedBase {
  readonly digest: Digest;
  /** By architecture. */
  readonly layers: Readonly<Record<string, Digest>>;
  readonly manifests: Readonly<Record<string, Digest>>;
}

function put(content: unknown) {
  const bytes = Buffer.from(JSON.stringify(content));
  return { bytes, digest: digestOf(bytes), size: bytes.length };
}

/**
 * Pushes a base image to `node` in Docker's format: an index of linux/amd64, linux/arm64 and an attestation, with one layer for
 * each platform and a shared one.
 */
export async function publishBase(
  registry: FakeRegistry,
  { tag = 'lts', content = '' } = {},
): Promise<PublishedBase> {
  const common = await createLayer([{ path: '/etc/shared', content: Buffer.from(content) }]);
  const layers: Record<string, Digest> = {};
  const manifests: Record<string, Digest> = {};
  const children = [];
  for (const architecture of ['amd64', 'arm64']) {
    const own = await createLayer([
      { path: '/bin/node', content: Buffer.from(`${architecture}${content}`) },
    ]);
    for (const { descriptor, bytes } of [common, own]) {
      registry.blobs.set(`node/${descriptor.digest}`, Buffer.from(bytes));
    }
    const rootfs = { type: 'layers', diff_ids: [common.diffId, own.diffId] };
    const config = put({ architecture, os: 'linux', rootfs, config: { Cmd: ['node'] } });
    registry.blobs.set(`node/${config.digest}`, config.bytes);
    const image = put({
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.dockerManifest,
      config: { mediaType: MEDIA_TYPE.dockerConfig, digest: config.digest, size: config.size },
      layers: [common, own].map(({ descriptor }) => ({
        ...descriptor,
        mediaType: MEDIA_TYPE.dockerLayerGzip,
      })),
    });
    registry.manifests.set(`node/${image.digest}`, {
      type: MEDIA_TYPE.dockerManifest,
      bytes: image.bytes,
    });
    layers[architecture] = own.descriptor.digest;
    manifests[architecture] = image.digest;
    children.push({
      mediaType: MEDIA_TYPE.dockerManifest,
      digest: image.digest,
      size: image.size,
      platform: {
        os: 'linux',
        architecture,
        ...(architecture === 'arm64' ? { variant: 'v8' } : {}),
      },
    });
  }
  const attestation = { ...children[0], platform: { os: 'unknown', architecture: 'unknown' } };
  const index = put({ schemaVersion: 2, manifests: [...children, attestation] });
  const manifest = { type: MEDIA_TYPE.dockerList, bytes: index.bytes };
  registry.manifests.set(`node/${tag}`, manifest).set(`node/${index.digest}`, manifest);
  return { digest: index.digest, layers, manifests };
}
