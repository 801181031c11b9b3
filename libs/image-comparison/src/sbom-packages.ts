import { parseAs } from '@typerush/pipeline-context';
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

/** A part of an image, as an SBOM lists it: a package, Node, the base image or the service itself. */
export interface SbomComponent extends ImagePackage {
  /** `library` is a package. */
  readonly type: string;
}

/** The components in a CycloneDX document; undefined if the text is not one. */
export const sbomComponents = (text: string): readonly SbomComponent[] | undefined =>
  parseAs(sbomSchema, text)?.components.map(componentOf);

/** The packages in a CycloneDX document; undefined if the text is not one. */
export const packagesInSbom = (text: string): readonly ImagePackage[] | undefined =>
  packagesAmong(sbomComponents(text));

export const packagesAmong = (components: readonly SbomComponent[] | undefined) =>
  components?.filter(({ type }) => type === 'library');

const nameOf = ({ group, name }: Component) => (group ? `${group}/${name}` : name);

function bytesOf({ properties = [] }: Component): number | undefined {
  const value = properties.find(({ name }) => name === 'nx-ecr:bytes')?.value;
  return value === undefined || !/^\d{1,15}$/.test(value) ? undefined : Number(value);
}

function componentOf(component: Component): SbomComponent {
  const { type, version = '', licenses = [] } = component;
  const license = licenses
    .flatMap(({ expression, license: one }) => expression ?? one?.id ?? one?.name ?? [])
    .join(', ');
  const bytes = bytesOf(component);
  return {
    type,
    name: nameOf(component),
    version,
    ...(license && { license }),
    ...(bytes !== undefined && { bytes }),
  };
}
