import { type ServiceRoles } from '../access/service-roles';
import { type Clock } from '../clock';
import { type PublishEvent } from '../events/event';
import { type Scanner } from '../scanning/scanner';
import { protectBlobs } from '../storage/protected-blobs';
import { type Storage } from '../storage/storage';
import { openAccountSettings } from './account-settings';
import { imageAction } from './ecr-events';
import { openImageScans } from './image-scans';
import { createRefusals } from './refusals';
import { openConfigurations } from './registry-configuration';
import { homeOf, type Registry } from './registry';
import { type PullThrough } from '../pull-through/pull-through';
import { createReplication } from './replication';
import { type LoadedRepository, loadRepositories, openRepositoryStore } from './repository-store';
import { createTokenSigner } from './token-signer';

/** Where a request is for. */
export interface RegistryLocation {
  /** Twelve digits. */
  readonly account: string;
  readonly region: string;
}

/** The registries of one storage: each account has one in each region. */
export interface Registries {
  /** The one of a request that names no other. */
  readonly own: Registry;
  /** Created when it is first requested. */
  of(location: RegistryLocation): Promise<Registry>;
  /** Those that have been used since the start, or have repositories. */
  all(): readonly Registry[];
  /** Ends scans, and writes what is not written yet. */
  flush(): Promise<void>;
}

export async function openRegistries(deps: {
  storage: Storage;
  clock: Clock;
  account: string;
  region: string;
  host: () => string;
  /** @default http */
  scheme?: 'http' | 'https';
  onDelay?: (error: unknown) => void;
  /** How upstreams of pull through cache rules are reached. */
  pullThrough: (registryAt: Registries['of']) => PullThrough;
  /** @default access is not controlled */
  serviceRoles?: ServiceRoles;
  /** @default none: images are not scanned */
  scanner?: Scanner | undefined;
  publish?: PublishEvent;
  /** A failure that no request waits for. */
  onFailure?: (error: unknown) => void;
}): Promise<Registries> {
  const {
    storage,
    clock,
    account,
    region,
    host,
    scheme = 'http',
    onDelay = () => undefined,
  } = deps;
  const { publish = () => undefined, onFailure = () => undefined } = deps;
  const { serviceRoles = { findProblem: () => undefined } } = deps;
  const own = homeOf({ account, region });
  const loaded = new Map<string, LoadedRepository[]>();
  for (const each of await loadRepositories(storage)) {
    const home = each.repository.home ?? own;
    const of = loaded.get(home);
    if (of) of.push(each);
    else loaded.set(home, [each]);
  }
  const settings = await openAccountSettings(storage.documents);
  const configurations = await openConfigurations(storage.documents);
  const { blobs, uploads } = protectBlobs(storage);
  const tokens = createTokenSigner(storage.tokenSecret, clock);
  const scans = await openImageScans(storage.documents, deps.scanner, onFailure);
  const replication = createReplication((location) => of(location));
  const pullThrough = deps.pullThrough((location) => of(location));
  const open = async (location: RegistryLocation): Promise<Registry> => {
    const home = homeOf(location);
    const refusals = createRefusals(location.account);
    const registry: Registry = {
      ...location,
      host,
      scheme,
      clock,
      refusals,
      settings: settings(home, home === own),
      configuration: configurations(home),
      replication,
      pullThrough,
      serviceRoles,
      scans,
      publish,
      onFailure,
      repositories: await openRepositoryStore({
        storage: { ...storage, blobs },
        refusals,
        clock,
        onDelay,
        loaded: loaded.get(home) ?? [],
        onDeleted: (repository, deleted) => {
          for (const id of deleted) publish(imageAction(registry, repository.name, 'DELETE', id));
          const gone = deleted.flatMap(({ imageDigest = '' }) =>
            repository.images.get(imageDigest) ? [] : imageDigest,
          );
          scans.forget(repository, gone);
        },
      }),
      blobs,
      uploads,
      tokens,
    };
    return registry;
  };
  const opened = new Map<string, Registry>();
  for (const home of new Set([own, ...loaded.keys()])) {
    const [account = '', region = ''] = home.split('/');
    opened.set(home, await open({ account, region }));
  }
  const opening = new Map<string, Promise<Registry>>();
  const ownRegistry = opened.get(own);
  if (!ownRegistry) throw new Error(`the registry ${own} was not opened`);
  const of = (location: RegistryLocation): Promise<Registry> => {
    const home = homeOf(location);
    const known = opened.get(home);
    if (known) return Promise.resolve(known);
    const pending =
      opening.get(home) ??
      open(location).then((registry) => {
        opened.set(home, registry);
        return registry;
      });
    opening.set(home, pending);
    return pending;
  };
  return {
    own: ownRegistry,
    of,
    all: () => [...opened.values()],
    flush: async () => {
      await replication.close();
      await scans.close();
      for (const { repositories } of opened.values()) await repositories.flush();
    },
  };
}

/**
 * The account and region that a request is signed for: the region of its credential scope; the account that an access key
 * consists of, or that `AssumeRole` has put into one. Any other key is one of the account of this process.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-signing-elements.html
 */
export function signedLocation(
  authorization: string | undefined,
  own: RegistryLocation,
): RegistryLocation {
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]+)\//.exec(authorization ?? '');
  const [, key = '', region = own.region] = scope ?? [];
  const [, account = own.account] = /^(?:ASIA)?(\d{12})(?:[A-Z0-9]{4})?$/.exec(key) ?? [];
  return { account, region };
}

/** An access key of the account, as those of AssumeRole are: twenty characters. */
export const accessKeyOf = (account: string, random: string): string =>
  `ASIA${account}${random.replaceAll('-', '').toUpperCase().slice(0, 4)}`;
