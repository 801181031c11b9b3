import { destinationSchema, type Destination, type Environment } from '@typerush/image-registry';
import { type CredentialSource } from '@typerush/oci';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type EcrTarget } from './ecr-target';
import { type Repository, type RepositoryFinder } from './repository';

/** One of the registries that an image goes to. */
export interface PushDestination {
  /** For messages: the region, or the registry with its folder. */
  readonly name: string;
  /** Of ECR, where it is named; undefined where the AWS configuration says it, and in other registries. */
  readonly region?: string;
  /** Whether `provision` makes repositories here. */
  readonly isEcr: boolean;
  /** @throws PipelineError */
  open(): Promise<Repository>;
  /** The names of other services' repositories here, as the registry protocol knows them. */
  siblings(services: readonly SiblingRepository[]): readonly string[];
}

/** The repository of another service. */
export interface SiblingRepository {
  /** As its image.json says it. */
  readonly name: string;
  /** With the namespace. */
  readonly fullName: string;
}

interface Ways {
  readonly environment: Environment;
  readonly target: EcrTarget;
  readonly ecr: (target: EcrTarget) => RepositoryFinder;
  /** What docker knows of a registry. */
  readonly credentials: (host: string) => CredentialSource;
}

/** What was asked for with the push, else what registry.json says, else ECR as AWS is configured. */
export function pushDestinations(
  service: Pick<ServiceImage, 'repository' | 'config' | 'destinations'>,
  asked: readonly Destination[],
  ways: Ways,
): readonly PushDestination[] {
  const wanted = asked.length > 0 ? asked : service.destinations;
  if (wanted.length === 0) return [ecrDestination(service.repository, undefined, ways)];
  return wanted.map(({ region, registry = '' }) =>
    region === undefined
      ? otherDestination(service.config.repository, registry, ways)
      : ecrDestination(service.repository, region, ways),
  );
}

function ecrDestination(
  repository: string,
  region: string | undefined,
  { environment, target, ecr }: Ways,
): PushDestination {
  const ownTarget = region === undefined ? target : { ...target, region };
  return {
    name: region ?? target.region ?? environment,
    region,
    isEcr: true,
    open: () => ecr(ownTarget).find(repository),
    siblings: (services) => services.map(({ fullName }) => fullName),
  };
}

/** A registry that asks for no repository beforehand, and lets every tag move. */
function otherDestination(
  repository: string,
  registry: string,
  { credentials }: Ways,
): PushDestination {
  const [host = '', ...folders] = registry.split('/');
  const pathOf = (name: string) => [...folders, name].join('/');
  const path = pathOf(repository);
  return {
    name: registry,
    isEcr: false,
    open: () =>
      Promise.resolve({
        name: path,
        uri: `${host}/${path}`,
        host,
        path,
        credentials: credentials(host),
        mutability: { imageTagMutability: 'MUTABLE' },
      }),
    siblings: (services) => services.map(({ name }) => pathOf(name)),
  };
}

/** `--region` and `--registry`. @throws PipelineError `OPTIONS_INVALID` */
export function askedDestinations(
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
  throw new PipelineError('OPTIONS_INVALID', `--${option}=${value} must be ${rule}.`);
}
