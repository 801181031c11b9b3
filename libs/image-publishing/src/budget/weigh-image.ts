import { type Digest, type ImageConfig, type OciLayout, type RegistryClient } from '@typerush/oci';
import { type BuiltImage, type BuiltPlatform } from '@typerush/pipeline-context';
import { type Budget, heaviest } from './budget';
import { compareWeights, type Weight } from './growth';
import { readLastLayers } from './last-image';
import { nameLayers, ownBytes, type OwnLayer, ownLayers } from './own-layers';

/** The image that is to be pushed, and where the one before it stands. */
export interface Weighing {
  readonly image: BuiltImage;
  readonly layout: OciLayout;
  readonly limitMb: number | undefined;
  readonly client: RegistryClient;
  readonly repository: string;
  /** What the environment's moving tag names now. */
  readonly last?: { readonly tag: string; readonly digest: Digest };
  /** By package what is in the bundle now, and was in that of the last image; asked where they differ. */
  readonly packagesNow: () => Promise<readonly Weight[] | undefined>;
  readonly packagesOf: (last: Digest) => Promise<readonly Weight[] | undefined>;
}

/** Compares an image with its budget and with the image before it. */
export async function weighImage(weighing: Weighing): Promise<Budget> {
  const { image, limitMb, last } = weighing;
  const platforms = image.platforms.map((one) => ({
    platform: one.platform,
    bytes: ownBytes(one),
  }));
  const limitBytes = limitMb === undefined ? null : limitMb * 1e6;
  const base = { limitBytes, platforms, since: null, layers: [], packages: [] };
  const { platform } = heaviest({ platforms });
  const now = image.platforms.find((one) => one.platform === platform);
  if (!last || !now) return base;
  if (last.digest === image.digest) return { ...base, since: last };
  const before = await readLastLayers(weighing.client, weighing.repository, last.digest, now);
  if (!before) return base;
  const current = await namedLayers(weighing.layout, now);
  const layers = compareWeights(before.map(weightOf), current.map(weightOf));
  const packages = layers.length === 0 ? [] : await packageGrowth(weighing, last.digest);
  return { ...base, since: last, layers, packages };
}

async function namedLayers(layout: OciLayout, now: BuiltPlatform): Promise<readonly OwnLayer[]> {
  const config = JSON.parse((await layout.read(now.configDigest)).toString()) as ImageConfig;
  return nameLayers(ownLayers(now), config.history);
}

async function packageGrowth({ packagesNow, packagesOf }: Weighing, last: Digest) {
  const [before, now] = await Promise.all([packagesOf(last), packagesNow()]);
  return before && now ? compareWeights(before, now) : [];
}

const weightOf = ({ name, size }: OwnLayer): Weight => ({ name, bytes: size });
