import { json } from 'node:stream/consumers';
import {
  type Digest,
  formatPlatform,
  type ImageConfig,
  type ImageIndex,
  type ImageManifest,
  isIndexMediaType,
  OciError,
  type RegistryClient,
} from '@typerush/oci';
import { type BuiltPlatform } from '@typerush/pipeline-context';
import { baseLayers, nameLayers, type OwnLayer } from './own-layers';

type Reading = Pick<RegistryClient, 'getManifest' | 'getBlob'>;

/**
 * The layers that the image of a platform had above its base, in the registry. As many as now are taken for the base's: what
 * changes a base, changes a Dockerfile.
 * @returns undefined where there is no such image, or none that can be read: that keeps nobody from pushing
 */
export async function readLastLayers(
  client: Reading,
  repository: string,
  last: Digest,
  now: BuiltPlatform,
): Promise<readonly OwnLayer[] | undefined> {
  try {
    const manifest = await manifestOf(client, repository, last, now.platform);
    if (!manifest) return undefined;
    const config = (await json(await client.getBlob(repository, manifest.config))) as ImageConfig;
    return nameLayers(manifest.layers.slice(baseLayers(now).length), config.history);
  } catch (error) {
    if (error instanceof OciError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function manifestOf(
  client: Reading,
  repository: string,
  digest: Digest,
  platform: string,
): Promise<ImageManifest | undefined> {
  const { descriptor, bytes } = await client.getManifest(repository, digest);
  if (!isIndexMediaType(descriptor.mediaType)) return JSON.parse(bytes.toString()) as ImageManifest;
  const { manifests } = JSON.parse(bytes.toString()) as ImageIndex;
  const child = manifests.find((one) => one.platform && formatPlatform(one.platform) === platform);
  return child && manifestOf(client, repository, child.digest, platform);
}
