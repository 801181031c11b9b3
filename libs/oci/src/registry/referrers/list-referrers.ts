import { type Digest } from '../../digest';
import { type Descriptor } from '../../manifest';
import { type RegistryClient } from '../registry-client';
import { readReferrersTag } from './referrers-tag';

/**
 * What is attached to a manifest, of one type or of any; nothing when the manifest or the repository is not there.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#listing-referrers
 * @throws RegistryError
 */
export async function listReferrers(
  client: RegistryClient,
  repository: string,
  digest: Digest,
  artifactType?: string,
): Promise<readonly Descriptor[]> {
  const referrers =
    (await client.getReferrers(repository, digest, artifactType)) ??
    (await readReferrersTag(client, repository, digest));
  // To filter is optional for a registry.
  return referrers.filter((one) => artifactType === undefined || one.artifactType === artifactType);
}
