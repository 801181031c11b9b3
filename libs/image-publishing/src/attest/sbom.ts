// Not from the main module, which loads the validators and their libraries too.
import * as Enums from '@cyclonedx/cyclonedx-library/Enums';
import * as Models from '@cyclonedx/cyclonedx-library/Models';
import * as Serialize from '@cyclonedx/cyclonedx-library/Serialize';
import * as Spec from '@cyclonedx/cyclonedx-library/Spec';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import {
  componentProperties,
  licenseOf,
  packageComponent,
  purlOf,
} from '@typerush/service-bundle/components';

export interface SbomInput {
  readonly service: string;
  readonly version: string;
  readonly image: Pick<BuiltImage, 'repository' | 'digest' | 'platforms' | 'base'>;
  readonly bundle: Bundle;
  /** Of Node in the base image: `26.1.0`. */
  readonly nodeVersion?: string;
}

/**
 * The SBOM of an image, CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/): the service with the packages in its
 * bundle, each with its bytes, and the base image. The same image gives the same bytes, at any time.
 */
export function createSbom(input: SbomInput): string {
  const { image, bundle } = input;
  const packages = bundle.packages.map(packageComponent);
  const service = serviceComponent(input, packages);
  const node = nodeComponent(input.nodeVersion);
  const base = baseComponent(image, node);
  const bom = new Models.Bom({
    serialNumber: serialNumberOf(image.digest),
    metadata: new Models.Metadata({ component: imageComponent(input, [base, service]) }),
    components: new Models.ComponentRepository([base, node, service, ...packages]),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true })}\n`;
}

type Components = readonly Models.Component[];

const dependingOn = (components: Components) =>
  new Models.BomRefRepository(components.map(({ bomRef }) => bomRef));

function imageComponent({ service, version, image }: SbomInput, parts: Components) {
  const { digest, platforms } = image;
  return new Models.Component(Enums.ComponentType.Container, service, {
    version,
    bomRef: `image:${service}`,
    purl: imagePurl(image.repository, digest),
    hashes: sha256(digest),
    properties: componentProperties(
      platforms.map((platform) => [`platform:${platform.platform}`, platform.digest]),
    ),
    dependencies: dependingOn(parts),
  });
}

function serviceComponent({ service, version, bundle }: SbomInput, packages: Components) {
  const bytes = bundle.own.reduce((sum, file) => sum + file.bytes, 0);
  return new Models.Component(Enums.ComponentType.Application, service, {
    version,
    bomRef: `service:${service}`,
    properties: componentProperties([['bytes', bytes]]),
    dependencies: dependingOn(packages),
  });
}

function nodeComponent(version?: string) {
  return new Models.Component(Enums.ComponentType.Platform, 'node', {
    version,
    bomRef: 'node',
    // Node has no type of its own.
    purl: version && purlOf('generic', undefined, 'node', version),
    licenses: new Models.LicenseRepository([licenseOf('MIT')]),
  });
}

function baseComponent({ base }: SbomInput['image'], node: Models.Component) {
  const { reference, digest, standIn } = base;
  return new Models.Component(Enums.ComponentType.Container, reference, {
    bomRef: 'base',
    version: digest ?? undefined,
    purl: digest && !standIn ? imagePurl(reference, digest) : undefined,
    hashes: digest ? sha256(digest) : undefined,
    properties: componentProperties(standIn ? [['stand-in', true]] : []),
    dependencies: dependingOn([node]),
  });
}

const sha256 = (digest: string) =>
  new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest.replace('sha256:', '')]]);

/** @param reference Of the repository, with or without a tag: `public.ecr.aws/docker/library/node:26-alpine` */
function imagePurl(reference: string, digest: string): string {
  const [, repository = '', tag] = /^(.+?)(?::([^:/]+))?(?:@.*)?$/.exec(reference) ?? [];
  // Only with a registry is a repository an address.
  const isAddress = /^[^/]*[.:][^/]*\//.test(repository);
  const qualifiers = { ...(isAddress && { repository_url: repository }), ...(tag && { tag }) };
  return purlOf('oci', undefined, repository.split('/').at(-1) ?? '', digest, qualifiers);
}

/** A UUID of version 8 (https://www.rfc-editor.org/rfc/rfc9562#section-5.8) with the bits of the digest. */
function serialNumberOf(digest: string): string {
  const hex = digest.replace('sha256:', '');
  const variant = ((parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${groups.join('-')}`;
}
