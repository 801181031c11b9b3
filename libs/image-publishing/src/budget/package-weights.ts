import {
  fetchArtifact,
  type Digest,
  listReferrers,
  OciError,
  type RegistryClient,
} from '@typerush/oci';
import { z } from 'zod';
import { sbomMediaType } from '../attest/attachments';
import { type Bundle } from '@typerush/service-bundle';
import { type Weight } from './growth';

/** Stands for all that is no package of somebody else's. */
const own = "the service's own code";

/** By package, whatever its version: a new one shows as growth of the same package. */
export function packageWeights({ packages, own: sources }: Bundle): readonly Weight[] {
  return [
    ...packages.map(({ name, bytes }) => ({ name, bytes })),
    ...sources.map(({ bytes }) => ({ name: own, bytes })),
  ];
}

/** What is read of an SBOM of ours. */
const sbomSchema = z.looseObject({
  components: z.array(
    z.looseObject({
      type: z.string(),
      name: z.string(),
      group: z.string().optional(),
      properties: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
});

/** The same of an image, from the SBOM that stands beside it; undefined where it has none, or none of ours. */
export async function attachedWeights(
  client: RegistryClient,
  repository: string,
  image: Digest,
): Promise<readonly Weight[] | undefined> {
  try {
    const [sbom] = await listReferrers(client, repository, image, sbomMediaType);
    if (!sbom) return undefined;
    const [layer] = (await fetchArtifact(client, repository, sbom.digest)).layers;
    return weightsIn(Buffer.from(layer?.bytes ?? []).toString());
  } catch (error) {
    // It is there to compare with: that it cannot be read keeps nobody from pushing.
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

export function weightsIn(text: string): readonly Weight[] | undefined {
  const parsed = sbomSchema.safeParse(parseJson(text));
  return parsed.data?.components.flatMap(({ type, name, group, properties = [] }) => {
    const bytes = properties.find((property) => property.name === 'nx-ecr:bytes')?.value;
    if (bytes === undefined) return [];
    const full = group ? `${group}/${name}` : name;
    return [{ name: type === 'library' ? full : own, bytes: Number(bytes) }];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
