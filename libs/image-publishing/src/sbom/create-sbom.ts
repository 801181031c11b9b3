import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type Bundle, type BundledPackage } from '@typerush/service-bundle';
import { licenseOf } from './license';
import { imagePurl, nodePurl, packagePurl } from './purl';

export interface SbomSubject {
  readonly service: string;
  readonly version: string;
  readonly image: Pick<BuiltImage, 'repository' | 'digest' | 'platforms' | 'base'>;
  readonly bundle: Bundle;
  /** Of the Node in the base, as its config says it: `26.1.0`. */
  readonly nodeVersion?: string;
}

/**
 * What is in an image, as CycloneDX 1.6 in JSON (https://cyclonedx.org/docs/1.6/json/): the service with the packages that its
 * bundle holds, each with its bytes, and the base. The same image gives the same bytes, at any time.
 */
export function createSbom(subject: SbomSubject): string {
  const { image, bundle } = subject;
  const packages = bundle.packages.map(packageComponent);
  const service = serviceComponent(subject, packages);
  const node = nodeComponent(subject.nodeVersion);
  const base = baseComponent(image, node);
  const bom = new Models.Bom({
    serialNumber: serialNumberOf(image.digest),
    metadata: new Models.Metadata({ component: imageComponent(subject, [base, service]) }),
    components: new Models.ComponentRepository([base, node, service, ...packages]),
  });
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true })}\n`;
}

type Components = readonly Models.Component[];

const dependingOn = (components: Components) =>
  new Models.BomRefRepository(components.map(({ bomRef }) => bomRef));

function imageComponent({ service, version, image }: SbomSubject, parts: Components) {
  const { digest, platforms } = image;
  return new Models.Component(Enums.ComponentType.Container, service, {
    version,
    bomRef: `image:${service}`,
    purl: imagePurl(image.repository, digest),
    hashes: sha256(digest),
    properties: properties(
      platforms.map((platform) => [`platform:${platform.platform}`, platform.digest]),
    ),
    dependencies: dependingOn(parts),
  });
}

function serviceComponent({ service, version, bundle }: SbomSubject, packages: Components) {
  const bytes = bundle.own.reduce((sum, file) => sum + file.bytes, 0);
  return new Models.Component(Enums.ComponentType.Application, service, {
    version,
    bomRef: `service:${service}`,
    properties: properties([['bytes', bytes]]),
    dependencies: dependingOn(packages),
  });
}

function packageComponent({ name, version, license, bytes }: BundledPackage) {
  const [scope, own] = name.startsWith('@') ? name.split('/') : [undefined, name];
  const purl = packagePurl(name, version);
  return new Models.Component(Enums.ComponentType.Library, own ?? name, {
    group: scope,
    version,
    bomRef: purl,
    purl,
    licenses: new Models.LicenseRepository(license === undefined ? [] : [licenseOf(license)]),
    properties: properties([['bytes', bytes]]),
  });
}

function nodeComponent(version?: string) {
  return new Models.Component(Enums.ComponentType.Platform, 'node', {
    version,
    bomRef: 'node',
    purl: version === undefined ? undefined : nodePurl(version),
    licenses: new Models.LicenseRepository([licenseOf('MIT')]),
  });
}

function baseComponent({ base }: SbomSubject['image'], node: Models.Component) {
  const { reference, digest, standIn } = base;
  return new Models.Component(Enums.ComponentType.Container, reference, {
    bomRef: 'base',
    version: digest ?? undefined,
    purl: digest && !standIn ? imagePurl(reference, digest) : undefined,
    hashes: digest ? sha256(digest) : undefined,
    properties: properties(standIn ? [['stand-in', true]] : []),
    dependencies: dependingOn([node]),
  });
}

const sha256 = (digest: string) =>
  new Models.HashDictionary([[Enums.HashAlgorithm['SHA-256'], digest.replace('sha256:', '')]]);

const properties = (pairs: readonly (readonly [string, string | number | boolean])[]) =>
  new Models.PropertyRepository(
    pairs.map(([name, value]) => new Models.Property(`nx-ecr:${name}`, String(value))),
  );

/** A UUID of version 8 (https://www.rfc-editor.org/rfc/rfc9562#section-5.8): its bits are the digest's. */
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
