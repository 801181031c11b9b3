import {
  type Digest,
  type ImageConfig,
  OciError,
  type OciLayout,
  platformNode,
  readContent,
  RemoteRepository,
  resolveImage,
} from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform, type ServiceImage } from '@typerush/pipeline-context';
import { type Bundle } from '@typerush/service-bundle';
import { type DestinationPush } from '../push/plan-destination';
import { type Budget, compareSizes, largestPlatform, type Size } from './budget';
import { attachedPackageSizes, packageSizes } from './package-sizes';

interface MeasureInput {
  readonly image: BuiltImage;
  readonly layout: OciLayout;
  /** The composition of the image; undefined if the build recorded none. */
  readonly bundle: () => Promise<Bundle | undefined>;
  readonly limits: ImageLimits | undefined;
  /** The environment's moving tag, which points to the previous image, and a destination that may have it. */
  readonly tag: string | undefined;
  readonly destination: PreviousDestination | undefined;
}

type ImageLimits = NonNullable<ServiceImage['config']['budget']>;
type PreviousDestination = Pick<DestinationPush, 'client' | 'repository' | 'existing'>;

/** Measures an image, and compares it with its limit and with the previous image. */
export async function measureImage(input: MeasureInput): Promise<Budget> {
  const { image, layout, limits, tag, destination } = input;
  const platforms = image.platforms.map((one) => ({
    platform: one.platform,
    bytes: layersOf(one, false).reduce((sum, { size }) => sum + size, 0),
  }));
  const { platform } = largestPlatform({ platforms });
  const largest = image.platforms.find((one) => one.platform === platform);
  const sizes = largest ? await ownLayerSizes(largest, layout) : [];
  const measured: Budget = {
    limitBytes: limits ? limits.layersMb * 1e6 : null,
    platforms,
    public: shareOfPublic(sizes, limits?.publicMb),
    since: null,
    layers: [],
    packages: [],
  };
  const digest = tag && destination?.existing.get(tag);
  if (!destination || !digest || !largest) return measured;
  const since = { tag, digest };
  if (digest === image.digest) return { ...measured, since };
  const before = await previousLayers(destination, digest, largest);
  if (!before) return measured;
  const layers = compareSizes(before, sizes);
  const packages = layers.length === 0 ? [] : await packageGrowth(destination, digest, input);
  return { ...measured, since, layers, packages };
}

const layersOf = ({ layers }: BuiltPlatform, fromBase: boolean) =>
  layers.filter((layer) => layer.fromBase === fromBase);

async function ownLayerSizes(built: BuiltPlatform, layout: OciLayout): Promise<Size[]> {
  const config = JSON.parse((await layout.read(built.configDigest)).toString()) as ImageConfig;
  return layerSizes(layersOf(built, false), config.history);
}

function shareOfPublic(sizes: readonly Size[], limitMb: number | undefined): Budget['public'] {
  if (limitMb === undefined) return null;
  const own = sizes.filter(({ name }) => /(^|\/)public\/?$/.test(name));
  return { bytes: own.reduce((sum, { bytes }) => sum + bytes, 0), limitBytes: limitMb * 1e6 };
}

/**
 * The layers above the base image of the previous image. The base image is assumed to have as many layers as now: it changes only
 * with the Dockerfile.
 * @returns undefined if the image does not exist or cannot be read: that does not prevent a push
 */
async function previousLayers(
  { client, repository }: PreviousDestination,
  digest: Digest,
  current: BuiltPlatform,
): Promise<Size[] | undefined> {
  try {
    const source = new RemoteRepository(client, repository.path);
    const top = await resolveImage(source, digest);
    const { config, layers = [] } =
      (await platformNode(source, top, current.platform))?.content ?? {};
    if (!config) return undefined;
    const json: unknown = JSON.parse((await readContent(await source.fetch(config))).toString());
    const own = layers.slice(layersOf(current, true).length);
    return layerSizes(own, (json as ImageConfig).history);
  } catch (error) {
    if (error instanceof OciError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Names layers after the instructions that created them: the last ones of the history, which begins with the base image. */
function layerSizes(
  layers: readonly { readonly size: number }[],
  history: ImageConfig['history'],
): Size[] {
  const steps = (history ?? []).filter(({ empty_layer: isEmpty }) => !isEmpty);
  const own = layers.length === 0 ? [] : steps.slice(-layers.length);
  return layers.map(({ size }, index) => ({
    name: destinationOf(own[index]?.created_by) || `layer ${index + 1}`,
    bytes: size,
  }));
}

/** The last word of `COPY <from> <to> # comment`. */
const destinationOf = (step = '') =>
  step
    .replace(/\s#.*$/, '')
    .trim()
    .split(/\s+/)
    .at(-1);

async function packageGrowth(
  { client, repository }: PreviousDestination,
  previous: Digest,
  { bundle }: MeasureInput,
) {
  const before = await attachedPackageSizes(client, repository.path, previous);
  const now = before && (await bundle());
  return before && now ? compareSizes(before, packageSizes(now)) : [];
}
