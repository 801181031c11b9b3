import {
  EcrRepositories,
  type EcrTarget,
  ecrTarget,
  type PushDestination,
  pushDestinations,
  type Repository,
} from '@typerush/ecr-access';
import { type Destination, type Environment, type PlannedTags } from '@typerush/image-registry';
import {
  type CopyListener,
  type Digest,
  dockerCredentials,
  type RegistryClient,
  RemoteRepository,
} from '@typerush/oci';
import {
  type PipelineEnvironment,
  PipelineError,
  type ServiceImage,
} from '@typerush/pipeline-context';
import { explainPushFailure, isExpected, problemOf, type RepeatableCommand } from './push-failure';
import { planPush, type PushPlan } from './push-plan';

interface Account {
  readonly environment: Environment;
  readonly machine: PipelineEnvironment;
  /** A profile of the AWS configuration. */
  readonly profile?: string;
}

/** The destinations of an environment on this machine. @param requested Replace those of registry.json. */
export function destinationsOf(
  service: ServiceImage,
  { environment, machine, profile }: Account,
  requested: readonly Destination[] = [],
): readonly PushDestination[] {
  const { project, destinations } = service;
  const { variables } = machine;
  return pushDestinations(service, requested, {
    environment,
    target: ecrTarget({ environment, destinations }, machine, profile),
    ecr: (target) => new EcrRepositories(target, { project, environment }),
    credentials: (host, repository) => () =>
      dockerCredentials({ host, path: repository, variables }),
  });
}

/** The ECR that deployments read from and that scans: that of the first such destination. */
export const ecrOf = (destinations: readonly PushDestination[]): EcrTarget | undefined =>
  destinations.find(({ ecr }) => ecr)?.ecr;

export interface OpenDestination {
  readonly destination: PushDestination;
  readonly repository: Repository;
  readonly client: RegistryClient;
}

export interface OpeningServices {
  readonly destinations: readonly PushDestination[];
  readonly client: (repository: Repository) => RegistryClient;
  /** Creates the repository of a destination; undefined if that is not requested. */
  readonly provision?: (destination: PushDestination) => Promise<void>;
}

/** Looks up the repository of every destination, and creates missing ones if that is requested. @throws PipelineError */
export async function openDestinations(services: OpeningServices): Promise<OpenDestination[]> {
  const { destinations, client, provision } = services;
  const found = await Promise.all(
    destinations.map(async (destination) => {
      try {
        return await destination.open();
      } catch (error) {
        if (!provision || !destination.ecr || !isMissing(error)) throw error;
        return undefined;
      }
    }),
  );
  const opened: OpenDestination[] = [];
  // Sequentially: CloudFormation runs one change of a stack at a time, and each prints its progress.
  for (const [index, destination] of destinations.entries()) {
    if (!found[index]) await provision?.(destination);
    const repository = found[index] ?? (await destination.open());
    opened.push({ destination, repository, client: client(repository) });
  }
  return opened;
}

const isMissing = (error: unknown) =>
  error instanceof PipelineError && error.code === 'REPOSITORY_MISSING';

/** A destination, and the plan for it. */
export interface DestinationPush extends OpenDestination {
  /** The image that each existing tag points to. */
  readonly existing: ReadonlyMap<string, Digest>;
  readonly plan: PushPlan;
}

/** Looks up what the tags point to at a destination. @param digest undefined before the image is built. @throws OciError */
export async function planDestination(
  opened: OpenDestination,
  tags: Pick<PlannedTags, 'fixed' | 'moving' | 'passing'>,
  digest: Digest | undefined,
): Promise<DestinationPush> {
  const { client, repository } = opened;
  const { path: name, mutability } = repository;
  const existing = new Map<string, Digest>();
  const lookUp = async (tag: string) => {
    const descriptor = await client.headManifest(name, tag);
    if (descriptor) existing.set(tag, descriptor.digest);
  };
  const [first, ...others] = [...tags.fixed, ...tags.moving];
  // The first request logs in: some registries lock an account after a few wrong passwords.
  if (first) await lookUp(first);
  await Promise.all(others.map(lookUp));
  return { ...opened, existing, plan: planPush({ digest, tags, existing, mutability }) };
}

/**
 * Takes one step of a command at every destination, and waits for all: one failed destination does not cancel the others.
 * @param effect What holds whichever destination fails; called after a failure if it has to be looked up.
 * @throws PipelineError that lists where the step is done and where it failed; for one destination, with the code of its cause
 */
export async function forEachDestination<T, D extends OpenDestination>(
  pushes: readonly D[],
  effect: string | (() => Promise<string>),
  step: (push: D) => Promise<T>,
  command?: RepeatableCommand,
): Promise<T[]> {
  const results = await Promise.allSettled(pushes.map(step));
  const errors = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as unknown] : [],
  );
  const failures = errors.filter(isExpected);
  if (failures.length < errors.length) throw errors.find((error) => !isExpected(error));
  const [first] = failures;
  if (!first) return results.flatMap((result) => ('value' in result ? [result.value] : []));
  const state = typeof effect === 'string' ? effect : await effect();
  if (pushes.length === 1) throw explainPushFailure(first, state, undefined, command);
  const lines = pushes.map(({ destination }, index) => {
    const result = results[index];
    return `  ${destination.name}: ${result?.status === 'rejected' ? problemOf(result.reason) : 'done'}`;
  });
  const problem = `${command?.name ?? 'Push'} failed for ${failures.length} of ${pushes.length} destinations:\n${lines.join('\n')}`;
  throw explainPushFailure(first, state, { code: 'PUSH_INCOMPLETE', problem, failures }, command);
}

/** The same, reporting repeated requests. */
export const observedTarget = (
  opened: OpenDestination,
  progress: (destination: string) => CopyListener,
) => {
  const report = progress(opened.destination.name);
  return targetOf(opened).observed({ onRetry: (event) => report({ kind: 'retry', ...event }) });
};

export const targetOf = ({ client, repository }: Pick<OpenDestination, 'client' | 'repository'>) =>
  new RemoteRepository(client, repository.path);
