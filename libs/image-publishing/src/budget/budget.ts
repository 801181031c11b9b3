import { layerName } from '@typerush/image-comparison';
import { type ImageConfig, type OciLayout } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform, type ServiceImage } from '@typerush/pipeline-context';
import { byteSize } from '@typerush/terminal-output';

/** The size of an image above its base image, with its limit. */
export interface Budget {
  /** null if image.json sets none. */
  readonly limitBytes: number | null;
  readonly platforms: readonly { readonly platform: string; readonly bytes: number }[];
  /** The share of the layer of public/, which is the same on each platform; null if image.json sets none. */
  readonly public: { readonly bytes: number; readonly limitBytes: number } | null;
}

export const largestPlatform = ({ platforms }: Pick<Budget, 'platforms'>) =>
  platforms.reduce((largest, one) => (one.bytes > largest.bytes ? one : largest), {
    platform: '',
    bytes: 0,
  });

/** In one line: `0.8 of 2.0 MB (40 %), public/ 0.1 of 0.3 MB (33 %)`. */
export function describeBudget(budget: Budget): string {
  const { bytes } = largestPlatform(budget);
  const share = budget.public;
  return [
    `${byteSize(bytes)}${ofLimit(bytes, budget.limitBytes)}`,
    ...(share ? [`public/ ${byteSize(share.bytes)}${ofLimit(share.bytes, share.limitBytes)}`] : []),
  ].join(', ');
}

const ofLimit = (bytes: number, limitBytes: number | null) =>
  limitBytes === null
    ? ''
    : ` of ${byteSize(limitBytes)} (${Math.round((bytes / limitBytes) * 100)} %)`;

type ImageLimits = NonNullable<ServiceImage['config']['budget']>;

/** Measures an image above its base image, for its limits. */
export async function measureImage(
  image: BuiltImage,
  layout: OciLayout,
  limits: ImageLimits | undefined,
): Promise<Budget> {
  const platforms = image.platforms.map((one) => ({
    platform: one.platform,
    bytes: sumOf(ownLayers(one)),
  }));
  const { platform } = largestPlatform({ platforms });
  const largest = image.platforms.find((one) => one.platform === platform);
  const publicMb = limits?.publicMb;
  return {
    limitBytes: limits ? limits.layersMb * 1e6 : null,
    platforms,
    public:
      largest && publicMb !== undefined
        ? { bytes: await bytesOfPublic(largest, layout), limitBytes: publicMb * 1e6 }
        : null,
  };
}

const ownLayers = ({ layers }: BuiltPlatform) => layers.filter(({ fromBase }) => !fromBase);

const sumOf = (layers: readonly { readonly size: number }[]) =>
  layers.reduce((sum, { size }) => sum + size, 0);

/** The layers whose COPY has the destination public/. The history ends with the layers above the base image. */
async function bytesOfPublic(built: BuiltPlatform, layout: OciLayout): Promise<number> {
  const { history } = JSON.parse((await layout.read(built.configDigest)).toString()) as ImageConfig;
  const layers = ownLayers(built);
  const steps = (history ?? []).filter(({ empty_layer: isEmpty }) => !isEmpty);
  const own = layers.length === 0 ? [] : steps.slice(-layers.length);
  return sumOf(
    layers.filter((_, index) => /(^|\/)public\/?$/.test(layerName(own[index]?.created_by) ?? '')),
  );
}
