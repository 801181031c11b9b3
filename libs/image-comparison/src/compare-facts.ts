import { type RunConfig } from '@typerush/oci';
import {
  type ComparedImage,
  type Difference,
  differencesOf,
  type FindingFact,
  type ImageDifference,
  type LayerFact,
  type PackageFact,
} from './image-difference';
import { type ImageFacts, type ImageLayer } from './read-image';
import { type ImagePackage } from './sbom-packages';

/** One finding of a scan. */
export interface ImageFinding extends FindingFact {
  /** `CVE-2026-0001` */
  readonly id: string;
}

interface MoreFacts {
  readonly files?: ImageDifference['files'];
  /** Of both images; undefined for one without a scan. */
  readonly findings?: readonly [
    before: readonly ImageFinding[] | undefined,
    after: readonly ImageFinding[] | undefined,
  ];
}

/** Compares the facts about two images for the same platform. */
export function compareFacts(
  before: ImageFacts,
  after: ImageFacts,
  { files = null, findings: [found, foundNow] = [undefined, undefined] }: MoreFacts = {},
): ImageDifference {
  const layers = compareLayers(before.layers, after.layers);
  const config = differencesOf(configFields(before.run), configFields(after.run));
  return {
    before: summaryOf(before),
    after: summaryOf(after),
    platform: after.platform,
    equal: layers.differences.length === 0 && config.length === 0,
    packages:
      before.packages && after.packages ? comparePackages(before.packages, after.packages) : null,
    layers: layers.differences,
    sharedLayers: layers.shared,
    config,
    files,
    findings: compareFindings(found, foundNow),
  };
}

/** @returns null if one of the images has no scan */
export const compareFindings = (
  before: readonly ImageFinding[] | undefined,
  after: readonly ImageFinding[] | undefined,
): ImageDifference['findings'] =>
  before && after ? differencesOf(byFinding(before), byFinding(after)) : null;

const summaryOf = ({ name, digest, platformDigest, layers }: ImageFacts): ComparedImage => ({
  name,
  digest,
  platformDigest,
  bytes: layers.reduce((sum, { bytes }) => sum + bytes, 0),
});

export function comparePackages(
  before: readonly ImagePackage[],
  after: readonly ImagePackage[],
): Difference<PackageFact>[] {
  return differencesOf(byPackage(before), byPackage(after));
}

/** A package at several versions is one fact: `1.0.0, 2.1.0`. */
function byPackage(packages: readonly ImagePackage[]): Map<string, PackageFact> {
  const groups = new Map<string, ImagePackage[]>();
  for (const one of packages) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return new Map([...groups].map(([name, group]) => [name, joined(group)]));
}

function joined(group: readonly ImagePackage[]): PackageFact {
  const each = (values: readonly string[]) => [...new Set(values)].sort().join(', ');
  const license = each(group.flatMap((one) => one.license ?? []));
  const sizes = group.flatMap(({ bytes }) => bytes ?? []);
  return {
    version: each(group.map(({ version }) => version)),
    ...(license && { license }),
    ...(sizes.length > 0 && { bytes: sizes.reduce((sum, bytes) => sum + bytes, 0) }),
  };
}

/** Layers of the same content are shared, wherever they are in the image; others are paired by their names. */
function compareLayers(before: readonly ImageLayer[], after: readonly ImageLayer[]) {
  const ids = new Set(after.map(({ diffId }) => diffId));
  const common = new Set(before.map(({ diffId }) => diffId).filter((id) => ids.has(id)));
  const others = (layers: readonly ImageLayer[]) =>
    layers.filter(({ diffId }) => !common.has(diffId));
  return {
    shared: common.size,
    differences: differencesOf<LayerFact>(byName(others(before)), byName(others(after))),
  };
}

/** A name that occurs again gets a number. */
function byName(layers: readonly ImageLayer[]): Map<string, LayerFact> {
  const facts = new Map<string, LayerFact>();
  const counts = new Map<string, number>();
  for (const { name, digest, bytes } of layers) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    facts.set(count === 1 ? name : `${name} (${count})`, { digest, bytes });
  }
  return facts;
}

/** The fields of a config with a value. Variables, labels and ports have a field each. */
function configFields(run: RunConfig): Map<string, string> {
  const { Env, Labels, ExposedPorts, Volumes, ...others } = run;
  const keyed = (field: string, values: readonly (readonly [string, string])[]) =>
    values.map(([name, value]) => [`${field}.${name}`, value] as const);
  const plain = Object.entries(others).flatMap(([field, value]) =>
    isEmpty(value) ? [] : [[field, textOf(value)] as const],
  );
  return new Map([
    ...plain,
    ...keyed('Env', (Env ?? []).map(splitVariable)),
    ...keyed('Labels', Object.entries(Labels ?? {})),
    ...keyed('ExposedPorts', keysOf(ExposedPorts)),
    ...keyed('Volumes', keysOf(Volumes)),
  ]);
}

const keysOf = (record: RunConfig['Volumes']) =>
  Object.keys(record ?? {}).map((key) => [key, 'yes'] as const);

function splitVariable(pair: string): readonly [string, string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** Engines write an absent field as null, as an empty text or as an empty list. */
const isEmpty = (value: unknown) =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === false ||
  (Array.isArray(value) && value.length === 0);

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));

function byFinding(findings: readonly ImageFinding[]): Map<string, FindingFact> {
  return new Map(
    findings.map(({ id, severity, package: name, version, fixedIn, link }) => [
      name ? `${id} in ${name}` : id,
      {
        severity,
        ...(name && { package: name }),
        ...(version && { version }),
        ...(fixedIn && { fixedIn }),
        ...(link && { link }),
      },
    ]),
  );
}
