import { type AccessControl } from '../access/access-control';
import { type MovableClock } from '../clock';
import { type StackStore } from '../cloudformation/stacks/stack-store';
import { type EcrService } from '../registry/ecr-service';
import { type LifecycleRun } from '../registry/lifecycle';
import { type Registries } from '../registry/registries';
import { homeOf, type Registry } from '../registry/registry';
import { layerBucket, type Repository } from '../registry/repository';
import { type PageFrame } from './layout';
import { type RequestLog } from './request-log';
import { type Viewer } from './viewer';

/** What the pages read and change. */
export interface ConsoleDeps {
  readonly registries: Registries;
  readonly serviceOf: (registry: Registry) => EcrService;
  readonly clock: MovableClock;
  readonly runDue: () => Promise<readonly LifecycleRun[]>;
  readonly stackStores: ReadonlyMap<string, StackStore>;
  readonly requests: RequestLog;
  readonly access: AccessControl;
  readonly viewer: Viewer;
}

export const frameOf = (
  { clock, viewer }: Pick<ConsoleDeps, 'clock' | 'viewer'>,
  section: PageFrame['section'],
  title: string = section,
): PageFrame => ({ title, section, now: clock(), viewer: viewer.name });

/** There is nothing at an address of the console. */
export class NotInConsoleError extends Error {
  override readonly name = 'NotInConsoleError';
}

export interface Addressed {
  readonly registry: Registry;
  readonly repository: Repository;
}

/**
 * The repository of `?registry=<account>/<region>&name=<name>`.
 *
 * @param actions that the viewer must be allowed on it
 * @throws NotInConsoleError; AccessError, also for a repository that does not exist
 */
export function addressedBy(
  { registries, viewer }: ConsoleDeps,
  query: Parameters,
  actions: readonly string[],
): Addressed {
  const home = query.get('registry');
  const name = query.get('name') ?? '';
  const registry = registries.all().find((each) => homeOf(each) === home);
  if (registry) {
    for (const action of actions) viewer.requireRepository(action, registry, name);
  }
  const repository = registry?.repositories.list().find((each) => each.name === name);
  if (!registry || !repository) throw new NotInConsoleError(`There is no repository "${name}".`);
  return { registry, repository };
}

export type Parameters = Pick<URLSearchParams, 'get'>;

export const addressOf = ({ registry, repository }: Addressed) => ({
  registry: homeOf(registry),
  name: repository.name,
});

/** Sizes of layers do not change, so that each file is looked at once. */
const sizes = new Map<string, number>();
const mostSizes = 200_000;

export async function blobSize(
  { registry, repository }: Addressed,
  digest: string,
): Promise<number> {
  const bucket = layerBucket(repository);
  const key = `${bucket}/${digest}`;
  const size = sizes.get(key) ?? (await registry.blobs.stat(bucket, digest))?.size ?? 0;
  if (sizes.size < mostSizes) sizes.set(key, size);
  return size;
}

/** The bytes of a repository's layers and manifests, those that images share once. */
export async function storedBytes(addressed: Addressed): Promise<number> {
  const images = addressed.repository.images.values();
  let bytes = images.reduce((sum, { manifestSize }) => sum + manifestSize, 0);
  for (const digest of new Set(images.flatMap(({ blobs }) => blobs))) {
    bytes += await blobSize(addressed, digest);
  }
  return bytes;
}
