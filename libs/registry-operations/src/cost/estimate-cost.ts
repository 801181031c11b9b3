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
import { inNamespaces } from '../declared/declared';
import { inBatches, type RemoteRegistry, sizedImage } from '../remote-registry';

export interface RepositoryCost {
  readonly repository: string;
  readonly images: number;
  /** Layers and configs, each once. */
  readonly bytes: number;
  /** What the repository's own lifecycle policy would free now. */
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
  /** The sum of all repositories, each with its own copy of a layer. */
  readonly bytes: number;
  /** The same if repositories shared layers, as with blob mounting. */
  readonly sharedBytes: number;
  readonly bytesToExpire: number;
  /** Largest first. */
  readonly repositories: readonly RepositoryCost[];
}

export interface CostRequest {
  readonly environment: Environment;
  /** Only repositories in these namespaces count. */
  readonly namespaces: ReadonlySet<string>;
  readonly price?: number;
  readonly budget?: number;
  readonly now: Date;
}

/** What the images of the namespaces cost a month, by the sizes in their manifests. */
export async function estimateCost(
  registry: RemoteRegistry,
  request: CostRequest,
): Promise<CostEstimate> {
  const { environment, namespaces, now } = request;
  const { price = storagePricePerGbMonth, budget = defaultMonthlyBudget } = request;
  const described = (await registry.repositories()).filter(inNamespaces(namespaces));
  const sized = await inBatches(described, ({ name }) => costOf(registry, name, now));
  const repositories = sized.map(({ cost }) => cost).sort((a, b) => b.bytes - a.bytes);
  const bytes = repositories.reduce((sum, each) => sum + each.bytes, 0);
  const cost = monthlyStorageCost(bytes, price);
  return {
    environment,
    pricePerGbMonth: price,
    budget,
    cost,
    overBudget: cost > budget,
    bytes,
    sharedBytes: storedBytes(sized.flatMap(({ images }) => images)),
    bytesToExpire: repositories.reduce((sum, each) => sum + each.bytesToExpire, 0),
    repositories,
  };
}

async function costOf(registry: RemoteRegistry, repository: string, now: Date) {
  const [remote, policy] = await Promise.all([
    registry.images(repository),
    registry.lifecyclePolicy(repository),
  ]);
  // ECR returns no manifest of an archived image.
  const active = remote.filter(({ storageClass }) => storageClass === 'standard');
  const digests = active.map(({ digest }) => digest);
  const manifests = await registry.manifests(repository, digests);
  const images = remote.map((each) => sizedImage(each, manifests.get(each.digest)));
  const cost: RepositoryCost = {
    repository,
    images: images.length,
    bytes: storedBytes(images),
    bytesToExpire: bytesToExpire(policy, images, now),
    storage: imageStorage(images),
  };
  return { images, cost };
}

function bytesToExpire(text: string | undefined, images: readonly SizedImage[], now: Date): number {
  if (text === undefined) return 0;
  // ECR may support rules that this code does not know: what they free is unknown.
  const policy = lifecyclePolicySchema.safeParse(JSON.parse(text));
  return policy.success ? bytesFreedBy(policy.data, images, now) : 0;
}
