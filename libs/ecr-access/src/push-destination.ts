import {
  destinationSchema,
  type Destination,
  type Environment,
  excerpt,
} from '@typerush/image-registry';
import { type CredentialSource } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type EcrTarget } from './ecr-target';
import { type Repository, type RepositoryFinder } from './repository';

/** One of the registries that an image is pushed to. */
export interface PushDestination {
  /** For messages: the region, or the registry with its folder. */
  readonly name: string;
  /** Of ECR, if it is requested; undefined if the AWS configuration sets it, and for other registries. */
  readonly region?: string;
  /** The API of ECR here, which also creates repositories; undefined for other registries. */
  readonly ecr?: EcrTarget;
  /** @throws PipelineError */
  open(): Promise<Repository>;
  /** The names of other services' repositories here, in the registry protocol. */
  siblings(services: readonly SiblingRepository[]): readonly string[];
}

/** The repository of another service. */
export interface SiblingRepository {
  /** In its image.json. */
  readonly name: string;
  /** With the namespace. */
  readonly fullName: string;
}

interface RegistryAccess {
  readonly environment: Environment;
  readonly target: EcrTarget;
  readonly ecr: (target: EcrTarget) => RepositoryFinder;
  /** The credentials of Docker or podman for a repository of a registry. */
  readonly credentials: (host: string, path: string) => CredentialSource;
}

/** The requested destinations, else those of registry.json, else the ECR of the AWS configuration. */
export function pushDestinations(
  service: Pick<ServiceImage, 'repository' | 'config' | 'destinations' | 'insecureRegistries'>,
  requested: readonly Destination[],
  access: RegistryAccess,
): readonly PushDestination[] {
  const chosen = requested.length > 0 ? requested : service.destinations;
  if (chosen.length === 0) return [ecrDestination(service.repository, undefined, access)];
  return chosen.map(({ region, registry = '' }) =>
    region === undefined
      ? otherDestination(service, registry, access)
      : ecrDestination(service.repository, region, access),
  );
}

function ecrDestination(
  repository: string,
  region: string | undefined,
  { environment, target, ecr }: RegistryAccess,
): PushDestination {
  const ownTarget = region === undefined ? target : { ...target, region };
  return {
    name: region ?? target.region ?? environment,
    region,
    ecr: ownTarget,
    open: () => ecr(ownTarget).find(repository),
    siblings: (services) => services.map(({ fullName }) => fullName),
  };
}

/** A registry that creates repositories when they are pushed to, and whose tags are mutable. */
function otherDestination(
  {
    config: { repository },
    insecureRegistries,
  }: Pick<ServiceImage, 'config' | 'insecureRegistries'>,
  registry: string,
  { credentials }: RegistryAccess,
): PushDestination {
  const [host = '', ...folders] = registry.split('/');
  const pathOf = (name: string) => [...folders, name].join('/');
  const path = pathOf(repository);
  return {
    name: registry,
    open: () =>
      Promise.resolve({
        name: path,
        uri: `${host}/${path}`,
        host,
        ...(insecureRegistries.includes(host) && { scheme: 'http' as const }),
        path,
        credentials: credentials(host, path),
        mutability: { imageTagMutability: 'MUTABLE' },
      }),
    siblings: (services) => services.map(({ name }) => pathOf(name)),
  };
}

/** The options `--region` and `--registry`. @throws PipelineError `OPTIONS_INVALID` */
export function requestedDestinations(
  regions: readonly string[],
  registries: readonly string[],
): readonly Destination[] {
  return [
    ...regions.map((region) => parse('region', region)),
    ...registries.map((registry) => parse('registry', registry)),
  ];
}

function parse(option: 'region' | 'registry', value: string): Destination {
  const parsed = destinationSchema.safeParse({ [option]: value });
  if (parsed.success) return parsed.data;
  const rule = parsed.error.issues[0]?.message ?? '';
  throw new PipelineError(
    'OPTIONS_INVALID',
    `Invalid --${option}=${excerpt(value)}. Expected ${rule}.`,
  );
}
