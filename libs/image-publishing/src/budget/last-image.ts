import {
  type Digest,
  type ImageConfig,
  OciError,
  platformNode,
  readContent,
  type RegistryClient,
  RemoteRepository,
  resolveImage,
} from '@typerush/oci';
import { type BuiltPlatform } from '@typerush/pipeline-context';
import { baseLayers, nameLayers, type OwnLayer } from './own-layers';

/**
 * The layers that the image of a platform had above its base, in the registry. As many as now are taken for the base's: what
 * changes a base, changes a Dockerfile.
 * @returns undefined if there is no such image, or it cannot be read: that does not prevent a push
 */
export async function readLastLayers(
  client: RegistryClient,
  repository: string,
  last: Digest,
  now: BuiltPlatform,
): Promise<readonly OwnLayer[] | undefined> {
  try {
    const source = new RemoteRepository(client, repository);
    const node = await platformNode(source, await resolveImage(source, last), now.platform);
    const { config, layers = [] } = node?.content ?? {};
    if (!config) return undefined;
    const json: unknown = JSON.parse((await readContent(await source.fetch(config))).toString());
    return nameLayers(layers.slice(baseLayers(now).length), (json as ImageConfig).history);
  } catch (error) {
    if (error instanceof OciError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
