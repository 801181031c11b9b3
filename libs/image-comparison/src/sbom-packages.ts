import * as z from 'zod';

export const sbomMediaType = 'application/vnd.cyclonedx+json';

/** A package in an image, as an SBOM lists it. */
export interface ImagePackage {
  readonly name: string;
  readonly version: string;
  /** An SPDX identifier or expression, or the words of the package. */
  readonly license?: string;
  /** Its part in the bundle, if our build recorded it. */
  readonly bytes?: number;
}

/** An SBOM of more bytes is not read. */
export const maxSbomBytes = 16 * 1024 * 1024;

/** The part of a CycloneDX document that is read: https://cyclonedx.org/docs/1.6/json/ */
const componentSchema = z.looseObject({
  type: z.string(),
  name: z.string(),
  group: z.string().optional(),
  version: z.string().optional(),
  licenses: z
    .array(
      z.looseObject({
        expression: z.string().optional(),
        license: z
          .looseObject({ id: z.string().optional(), name: z.string().optional() })
          .optional(),
      }),
    )
    .optional(),
  properties: z.array(z.looseObject({ name: z.string(), value: z.string() })).optional(),
});

type Component = z.infer<typeof componentSchema>;

const sbomSchema = z.looseObject({
  bomFormat: z.literal('CycloneDX').optional(),
  components: z.array(componentSchema).default([]),
});

/** The packages in a CycloneDX document; undefined if the text is not one. */
export function packagesInSbom(text: string): readonly ImagePackage[] | undefined {
  return componentsOf(text)
    ?.filter(({ type }) => type === 'library')
    .map(packageOf);
}

function componentsOf(text: string): readonly Component[] | undefined {
  try {
    return sbomSchema.parse(JSON.parse(text)).components;
  } catch {
    return undefined;
  }
}

const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);

function bytesOf({ properties = [] }: Component): number | undefined {
  const value = properties.find(({ name }) => name === 'nx-ecr:bytes')?.value;
  return value === undefined || !/^\d{1,15}$/.test(value) ? undefined : Number(value);
}

function packageOf(component: Component): ImagePackage {
  const { version = '', licenses = [] } = component;
  const license = licenses
    .flatMap(({ expression, license: one }) => expression ?? one?.id ?? one?.name ?? [])
    .join(', ');
  const bytes = bytesOf(component);
  return {
    name: nameOf(component),
    version,
    ...(license && { license }),
    ...(bytes !== undefined && { bytes }),
  };
}
