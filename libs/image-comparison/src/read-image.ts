import {
  type ContentSource,
  type Descriptor,
  type Digest,
  type ImageConfig,
  type ImageNode,
  OciError,
  platformName,
  platformNodes,
  readContent,
  readImageConfig,
  readNode,
  resolveImage,
  type RunConfig,
} from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { layerName } from './layer-name';
import {
  type ImagePackage,
  maxSbomBytes,
  packagesAmong,
  type SbomComponent,
  sbomComponents,
  sbomMediaType,
} from './sbom-packages';

/** Where an image is. */
export interface ImagePlace {
  /** For people: `prod (sha256:0123…)`, `./layout`. */
  readonly name: string;
  readonly source: ContentSource;
  /** A tag or a digest. */
  readonly reference: string;
  /** Its packages, if they are known without an SBOM. */
  readonly packages?: readonly ImagePackage[];
}

export interface ImageLayer {
  /** The instruction that created it, in short. */
  readonly name: string;
  readonly digest: Digest;
  /** Of the uncompressed layer: equal for the same files, however they are compressed. */
  readonly diffId: Digest;
  /** As stored. */
  readonly bytes: number;
}

/** The facts about an image for one platform, without its files. */
export interface ImageFacts {
  readonly name: string;
  /** Of the index, or of the manifest of a single platform. */
  readonly digest: Digest;
  /** Of the manifest for the platform. */
  readonly platformDigest: Digest;
  readonly platform: string;
  readonly run: RunConfig;
  readonly layers: readonly ImageLayer[];
  /** undefined if no SBOM lists them. */
  readonly packages: readonly ImagePackage[] | undefined;
}

/** An image whose layers can be read. */
export interface OpenImage extends ImageFacts {
  readonly source: ContentSource;
  readonly descriptors: readonly Descriptor[];
}

/** An image for several platforms, none of which is read yet. */
export interface ResolvedImage {
  readonly place: ImagePlace;
  readonly digest: Digest;
  readonly platforms: ReadonlyMap<string, ImageNode>;
}

/** @throws OciError `IMAGE_MISSING`, `MANIFEST_INVALID` */
export async function resolvePlatforms(place: ImagePlace): Promise<ResolvedImage> {
  const { source, reference } = place;
  const top = await resolveImage(source, reference);
  const platforms = new Map<string, ImageNode>();
  for (const node of await platformNodes(source, top)) {
    const platform = await platformName(source, node);
    // BuildKit lists its attestations as images for an unknown platform.
    if (platform && platform !== 'unknown/unknown') platforms.set(platform, node);
  }
  return { place, digest: top.digest, platforms };
}

/** @throws OciError `MANIFEST_INVALID` */
export async function openImage(
  { place, digest, platforms }: ResolvedImage,
  platform: string,
): Promise<OpenImage> {
  const { name, source } = place;
  const node = platforms.get(platform);
  if (!node) throw new PipelineError('PLATFORMS_DIFFER', `${name} has no image for ${platform}.`);
  const config = await readImageConfig(source, node);
  const descriptors = node.content.layers ?? [];
  return {
    name,
    digest,
    platform,
    run: config.config ?? {},
    layers: layersOf(descriptors, config),
    packages: place.packages ?? packagesAmong(await attachedComponents(source, digest)),
    platformDigest: node.descriptor.digest,
    source,
    descriptors,
  };
}

function layersOf(descriptors: readonly Descriptor[], { rootfs, history }: ImageConfig) {
  const steps = (history ?? []).filter(({ empty_layer: isEmpty }) => !isEmpty);
  // A history may be shorter than the list of layers: it then describes the last ones.
  const unnamed = Math.max(0, descriptors.length - steps.length);
  return descriptors.map(({ digest, size }, index) => ({
    name: layerName(steps[index - unnamed]?.created_by) ?? `layer ${index + 1}`,
    digest,
    diffId: rootfs.diff_ids[index] ?? digest,
    bytes: size,
  }));
}

/** The components in the SBOM that is attached to an image; undefined if there is none, or it cannot be read. */
export async function attachedComponents(
  source: ContentSource,
  image: Digest,
): Promise<readonly SbomComponent[] | undefined> {
  try {
    const [referrer] = await source.referrers(image, sbomMediaType);
    if (!referrer || referrer.artifactType !== sbomMediaType) return undefined;
    const [layer] = (await readNode(source, referrer)).content.layers ?? [];
    if (!layer || layer.size > maxSbomBytes) return undefined;
    return sbomComponents((await readContent(await source.fetch(layer))).toString());
  } catch (error) {
    if (error instanceof OciError) return undefined;
    throw error;
  }
}
