import { z } from 'zod';
import { digestRule, isDigest } from '../../storage/digest';
import { addressed } from '../addressed';
import { type EcrService, type Layer, type LayerFailure } from '../ecr-service';
import { type RegistryLocation } from '../registries';
import { homeOf, type Registry } from '../registry';
import { layerBucket, type Repository } from '../repository';
import { batchOf, inRepository, operation } from '../requests';

/** https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetDownloadUrlForLayer.html gives one hour. */
const downloadLifeMs = 60 * 60 * 1000;

/** What a download token is for: this layer of this repository of this registry. */
export const downloadPurpose = (
  registry: Registry,
  { name }: Pick<Repository, 'name'>,
  digest: string,
): string => `download ${homeOf(registry)} ${name} ${digest}`;

/** The registry that a download token is for. */
export function registryOfDownload(purpose: string): RegistryLocation | undefined {
  const [, account, region] = /^download (\d{12})\/([a-z0-9-]+) /.exec(purpose) ?? [];
  return account !== undefined && region !== undefined ? { account, region } : undefined;
}

export function layerOperations(
  registry: Registry,
): Pick<EcrService, 'batchCheckLayerAvailability' | 'getDownloadUrlForLayer'> {
  const { blobs, refusals, tokens, clock } = registry;
  return {
    batchCheckLayerAvailability: operation(
      z.strictObject({ ...inRepository, layerDigests: batchOf(z.string().max(1000)) }),
      async (request) => {
        const repository = addressed(registry, request);
        const layers: Layer[] = [];
        const failures: LayerFailure[] = [];
        for (const layerDigest of request.layerDigests) {
          if (isDigest(layerDigest))
            layers.push(await checkLayer(registry, repository, layerDigest));
          else failures.push(badDigest(layerDigest));
        }
        return { layers, failures };
      },
    ),
    getDownloadUrlForLayer: operation(
      z.strictObject({ ...inRepository, layerDigest: z.string() }),
      async (request) => {
        const repository = addressed(registry, request);
        const { layerDigest } = request;
        const found =
          isDigest(layerDigest) && (await blobs.stat(layerBucket(repository), layerDigest));
        if (!found) throw refusals.layersMissing(repository.name, [layerDigest]);
        const expiresAt = new Date(clock().getTime() + downloadLifeMs);
        const token = tokens.sign(downloadPurpose(registry, repository, layerDigest), expiresAt);
        const url = `${registry.scheme}://${registry.host()}/v2/${repository.name}/blobs/${layerDigest}`;
        return { downloadUrl: `${url}?token=${token}`, layerDigest };
      },
    ),
  };
}

async function checkLayer(
  { blobs }: Registry,
  repository: Repository,
  layerDigest: string,
): Promise<Layer> {
  const blob = await blobs.stat(layerBucket(repository), layerDigest);
  if (!blob) return { layerDigest, layerAvailability: 'UNAVAILABLE' };
  return { layerDigest, layerAvailability: 'AVAILABLE', layerSize: blob.size };
}

const badDigest = (layerDigest: string): LayerFailure => ({
  layerDigest,
  failureCode: layerDigest === '' ? 'MissingLayerDigest' : 'InvalidLayerDigest',
  failureReason: `Invalid layer digest: '${layerDigest}' is not ${digestRule}`,
});
