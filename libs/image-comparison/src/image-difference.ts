import { type Digest } from '@typerush/oci';
import { type ImageFile } from './read-files';

/** `changed` if both images have it, in different form. */
export type Change = 'added' | 'removed' | 'changed';

/** A fact that differs: undefined in the image that lacks it. */
export interface Difference<Fact> {
  readonly name: string;
  readonly change: Change;
  readonly before?: Fact;
  readonly after?: Fact;
}

/** A package in an image, at all its versions. */
export interface PackageFact {
  readonly version: string;
  readonly license?: string;
  readonly bytes?: number;
}

export interface LayerFact {
  readonly digest: Digest;
  readonly bytes: number;
}

/** A vulnerability that a scan of the registry reports in one package. */
export interface FindingFact {
  readonly severity: string;
  readonly package?: string;
  readonly version?: string;
  readonly fixedIn?: string;
  readonly link?: string;
}

export interface ComparedImage {
  readonly name: string;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** Of the manifest for the platform: registries scan this one. */
  readonly platformDigest: Digest;
  /** Of all layers, as stored. */
  readonly bytes: number;
}

/** What differs between two images: the result of docker-diff, and what a push reports about the previous image. */
export interface ImageDifference {
  readonly before: ComparedImage;
  readonly after: ComparedImage;
  /** The one that was compared. */
  readonly platform: string;
  /** Whether the images are the same, or differ only in how their layers are compressed. */
  readonly equal: boolean;
  /** null if one of the images has no SBOM. */
  readonly packages: readonly Difference<PackageFact>[] | null;
  readonly layers: readonly Difference<LayerFact>[];
  /** The number of layers that both images have. */
  readonly sharedLayers: number;
  /** By field: `Env.PATH`, `User`. */
  readonly config: readonly Difference<string>[];
  /** null if the layers were not read. */
  readonly files: readonly Difference<ImageFile>[] | null;
  /** null if one of the images has no scan. */
  readonly findings: readonly Difference<FindingFact>[] | null;
}

/** The facts of two images by name, those that differ in the order of their names. */
export function differencesOf<Fact>(
  before: ReadonlyMap<string, Fact>,
  after: ReadonlyMap<string, Fact>,
): Difference<Fact>[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((name) => differenceOf(name, before.get(name), after.get(name)));
}

/** None or one. */
export function differenceOf<Fact>(
  name: string,
  before: Fact | undefined,
  after: Fact | undefined,
): Difference<Fact>[] {
  if (before === undefined && after === undefined) return [];
  if (before === undefined) return [{ name, change: 'added', after }];
  if (after === undefined) return [{ name, change: 'removed', before }];
  if (isSame(before, after)) return [];
  return [{ name, change: 'changed', before, after }];
}

/** Facts are flat objects whose fields are written in one order. */
const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
