import {
  type Digest,
  fetchArtifact,
  listReferrers,
  OciError,
  type RegistryClient,
} from '@typerush/oci';
import * as z from 'zod';
import { sbomMediaType } from './attachment';

/** The part of our SBOMs that is read. */
const sbomSchema = z.looseObject({
  components: z.array(
    z.looseObject({
      type: z.string(),
      name: z.string(),
      group: z.string().optional(),
      version: z.string().optional(),
      properties: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
    }),
  ),
});

export interface SbomComponent {
  readonly type: string;
  /** With its scope. */
  readonly name: string;
  readonly version?: string;
  /** Its share of the bundle, if the SBOM is one of ours. */
  readonly bytes?: number;
}

/** The components in the SBOM that is attached to an image; undefined if there is none that can be read. */
export async function attachedComponents(
  client: RegistryClient,
  repository: string,
  image: Digest,
): Promise<readonly SbomComponent[] | undefined> {
  try {
    const [sbom] = await listReferrers(client, repository, image, sbomMediaType);
    if (!sbom) return undefined;
    const [layer] = (await fetchArtifact(client, repository, sbom.digest)).layers;
    return parseComponents(Buffer.from(layer?.bytes ?? []).toString());
  } catch (error) {
    // It is only for comparison: that it cannot be read prevents nothing.
    if (error instanceof OciError) return undefined;
    throw error;
  }
}

export function parseComponents(sbom: string): readonly SbomComponent[] | undefined {
  try {
    const { components } = sbomSchema.parse(JSON.parse(sbom));
    return components.map(({ type, name, group, version, properties = [] }) => {
      const bytes = properties.find((property) => property.name === 'nx-ecr:bytes')?.value;
      return {
        type,
        name: group ? `${group}/${name}` : name,
        ...(version !== undefined && { version }),
        ...(bytes !== undefined && { bytes: Number(bytes) }),
      };
    });
  } catch {
    return undefined;
  }
}
