import { PipelineError } from '@typerush/pipeline-context';
import { compareFacts, type ImageFinding } from './compare-facts';
import { differenceOf, type ImageDifference } from './image-difference';
import { type ImageFiles, isBelow, readFiles } from './read-files';
import {
  type ImagePlace,
  type OpenImage,
  openImage,
  type ResolvedImage,
  resolvePlatforms,
} from './read-image';
import { packagesInSbom } from './sbom-packages';

export interface CompareOptions {
  /** `os/architecture`; by default the first one that both images have. */
  readonly platform?: string;
  /** Whether to read the layers that differ. */
  readonly files: boolean;
  /** The findings of a scan; undefined if there is none. */
  readonly findings: (
    image: OpenImage,
    index: 0 | 1,
  ) => Promise<readonly ImageFinding[] | undefined>;
  /** Called before something that may take long. */
  readonly progress: (step: string) => void;
}

/**
 * Compares two images for one platform, wherever each is.
 * @throws PipelineError `PLATFORMS_DIFFER`; OciError `IMAGE_MISSING`, `MANIFEST_INVALID`, `LAYER_INVALID`
 */
export async function compareImages(
  places: readonly [before: ImagePlace, after: ImagePlace],
  options: CompareOptions,
): Promise<ImageDifference> {
  const [from, to] = [await resolvePlatforms(places[0]), await resolvePlatforms(places[1])];
  const platform = commonPlatform(from, to, options.platform);
  const before = await openImage(from, platform);
  const after = await openImage(to, platform);
  const findings = [await options.findings(before, 0), await options.findings(after, 1)] as const;
  if (!options.files) return compareFacts(before, after, { findings });
  const { differences, packages } = await compareFiles(before, after, options.progress);
  return compareFacts(
    { ...before, packages: before.packages ?? packages[0] },
    { ...after, packages: after.packages ?? packages[1] },
    { files: differences, findings },
  );
}

function commonPlatform(from: ResolvedImage, to: ResolvedImage, requested?: string): string {
  const common = [...from.platforms.keys()].filter((platform) => to.platforms.has(platform));
  const chosen = requested ?? common[0];
  if (chosen !== undefined && common.includes(chosen)) return chosen;
  const listOf = ({ platforms }: ResolvedImage) =>
    [...platforms.keys()].join(', ') || 'no platform';
  throw new PipelineError(
    'PLATFORMS_DIFFER',
    `Cannot compare ${from.place.name} with ${to.place.name}: ` +
      `the first is for ${listOf(from)}, the second for ${listOf(to)}.\nFix: ` +
      (requested !== undefined && common.length > 0
        ? `compare a platform that both have: --platform=${common[0]}`
        : 'compare images for the same platform.'),
  );
}

async function compareFiles(
  before: OpenImage,
  after: OpenImage,
  progress: CompareOptions['progress'],
) {
  const shared = sharedLayers(before, after);
  const read = async ({ name, source, descriptors }: OpenImage, range: [number, number?]) => {
    progress(`reading the layers of ${name}`);
    return readFiles(source, descriptors.slice(...range));
  };
  const [from, to] = [await read(before, [shared]), await read(after, [shared])];
  const needsBase = shared > 0 && hasOneSided(from, to);
  const base = needsBase ? await read(after, [0, shared]) : { files: new Map(), hidden: new Set() };
  return {
    differences: fileDifferences(from, to, base as ImageFiles),
    packages: [from, to].map(({ sbom }) => (sbom === undefined ? undefined : packagesInSbom(sbom))),
  };
}

/** The number of layers at the beginning that are the same. */
function sharedLayers(before: OpenImage, after: OpenImage): number {
  const differing = before.layers.findIndex(
    ({ diffId }, index) => diffId !== after.layers[index]?.diffId,
  );
  return differing < 0 ? before.layers.length : differing;
}

/** Whether the shared layers below decide what differs: they may contain a path that only one image replaces. */
const hasOneSided = (from: ImageFiles, to: ImageFiles) =>
  [...from.files.keys(), ...from.hidden].some((path) => !to.files.has(path)) ||
  [...to.files.keys(), ...to.hidden].some((path) => !from.files.has(path));

/** The content of folders is compared, and not the folders: their times and modes differ without effect. */
function fileDifferences(from: ImageFiles, to: ImageFiles, base: ImageFiles) {
  const touched = [from, to].flatMap(({ files, hidden }) => [...files.keys(), ...hidden]);
  const removed = new Set([...from.hidden, ...to.hidden]);
  const below = [...base.files.keys()].filter((path) => isBelow(path, removed));
  const paths = [...new Set([...touched, ...below])].sort();
  const at = ({ files, hidden }: ImageFiles, path: string) => {
    const file = files.get(path) ?? (isBelow(path, hidden) ? undefined : base.files.get(path));
    return file?.type === 'directory' ? undefined : file;
  };
  return paths.flatMap((path) => differenceOf(path, at(from, path), at(to, path)));
}
