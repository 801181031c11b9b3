import {
  bytesFreedBy,
  defaultMonthlyBudget,
  type Environment,
  imageStorage,
  type ImageStorage,
  lifecyclePolicySchema,
  monthlyStorageCost,
  type SizedImage,
  storagePricePerGbMonth,
  storedBytes,
} from '@typerush/image-registry';
import { namespaceOf } from '../declared/namespaces';
import { inBatches } from '../in-batches';
import { type StandingRegistry, type StandingRepository } from '../standing-registry';
import { sizedImage } from './sized-images';

export interface RepositoryCost {
  readonly repository: string;
  readonly images: number;
  /** Layers and configs, each once. */
  readonly bytes: number;
  /** What a run of the repository's own lifecycle policy would free now. */
  readonly bytesToExpire: number;
  readonly storage: readonly ImageStorage[];
}

export interface CostEstimate {
  readonly environment: Environment;
  readonly pricePerGbMonth: number;
  /** USD a month. */
  readonly budget: number;
  /** USD a month. */
  readonly cost: number;
  readonly overBudget: boolean;
  /** What all repositories together store, each a copy of its own. */
  readonly bytes: number;
  /** What it would be if repositories shared layers too, as they do with blob mounting. */
  readonly sharedBytes: number;
  readonly bytesToExpire: number;
  readonly repositories: readonly RepositoryCost[];
}

export interface CostRequest {
  readonly environment: Environment;
  /** The first parts of the names of the repositories that are meant. */
  readonly namespaces: ReadonlySet<string>;
  readonly price?: number;
  readonly budget?: number;
  readonly now: Date;
}

/** What the images of the namespaces cost a month, from the sizes that their manifests tell. */
export async function estimateCost(
  registry: StandingRegistry,
  { environment, namespaces, now, ...request }: CostRequest,
): Promise<CostEstimate> {
  const all = await registry.repositories();
  const ours = all.filter(({ name }) => namespaces.has(namespaceOf(name)));
  const sized = await inBatches(ours, (each) => costOf(registry, each, now));
  const price = request.price ?? storagePricePerGbMonth;
  const budget = request.budget ?? defaultMonthlyBudget;
  const repositories = sized.map(({ cost }) => cost);
  const sum = (of: (cost: RepositoryCost) => number) =>
    repositories.reduce((total, each) => total + of(each), 0);
  const bytes = sum((each) => each.bytes);
  const cost = monthlyStorageCost(bytes, price);
  return {
    environment,
    pricePerGbMonth: price,
    budget,
    cost,
    overBudget: cost > budget,
    bytes,
    sharedBytes: storedBytes(sized.flatMap(({ images }) => images)),
    bytesToExpire: sum((each) => each.bytesToExpire),
    repositories: [...repositories].sort((a, b) => b.bytes - a.bytes),
  };
}

async function costOf(registry: StandingRegistry, { name }: StandingRepository, now: Date) {
  const [standing, policyText] = await Promise.all([
    registry.images(name),
    registry.lifecyclePolicy(name),
  ]);
  // ECR gives out no manifest of an archived image.
  const active = standing.filter(({ storageClass }) => storageClass === 'standard');
  const manifests = await registry.manifests(
    name,
    active.map(({ digest }) => digest),
  );
  const images = standing.map((each) => sizedImage(each, manifests.get(each.digest)));
  const cost: RepositoryCost = {
    repository: name,
    images: images.length,
    bytes: storedBytes(images),
    bytesToExpire: bytesToExpire(policyText, images, now),
    storage: imageStorage(images),
  };
  return { images, cost };
}

function bytesToExpire(text: string | undefined, images: readonly SizedImage[], now: Date): number {
  if (text === undefined) return 0;
  // A policy of a kind that ECR came to know after this was written frees nothing that can be told.
  const policy = lifecyclePolicySchema.safeParse(JSON.parse(text));
  return policy.success ? bytesFreedBy(policy.data, images, now) : 0;
}
