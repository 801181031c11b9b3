import {
  type Digest,
  fetchArtifact,
  listReferrers,
  OciError,
  type RegistryClient,
} from '@typerush/oci';
import { type Bundle } from '@typerush/service-bundle';
import * as z from 'zod';
import { sbomMediaType } from '../attest/attachment';
import { type Size } from './budget';

const ownCode = "the service's own code";

/** By package, whatever its version: a new version is growth of the same package. */
export function packageSizes({ packages, own }: Bundle): readonly Size[] {
  return [
    ...packages.map(({ name, bytes }) => ({ name, bytes })),
    ...own.map(({ bytes }) => ({ name: ownCode, bytes })),
  ];
}

/** The part of our SBOMs that is read. */
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

/** The package sizes of an image, from the SBOM that is attached to it; undefined if it has none of ours. */
export async function attachedPackageSizes(
  client: RegistryClient,
  repository: string,
  image: Digest,
): Promise<readonly Size[] | undefined> {
  try {
    const [sbom] = await listReferrers(client, repository, image, sbomMediaType);
    if (!sbom) return undefined;
    const [layer] = (await fetchArtifact(client, repository, sbom.digest)).layers;
    return sbomPackageSizes(Buffer.from(layer?.bytes ?? []).toString());
  } catch (error) {
    // It is only for comparison: that it cannot be read does not prevent a push.
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

export function sbomPackageSizes(sbom: string): readonly Size[] | undefined {
  return parseSbom(sbom)?.components.flatMap(({ type, name, group, properties = [] }) => {
    const bytes = properties.find((property) => property.name === 'nx-ecr:bytes')?.value;
    if (bytes === undefined) return [];
    const fullName = group ? `${group}/${name}` : name;
    return [{ name: type === 'library' ? fullName : ownCode, bytes: Number(bytes) }];
  });
}

function parseSbom(text: string) {
  try {
    return sbomSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
