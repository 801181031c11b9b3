import { layerName } from '@typerush/image-comparison';
import { type ImageConfig, type OciLayout } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform, type ServiceImage } from '@typerush/pipeline-context';
import { type Budget, largestPlatform } from './budget';

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
