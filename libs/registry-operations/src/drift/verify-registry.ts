import { type Environment } from '@typerush/image-registry';
import { declaredRepositories } from '../declared/declared-repository';
import { type SynthesizedStack } from '../declared/read-assembly';
import { type PseudoParameters, unknownText } from '../declared/resolve';
import { namespaceOf } from '../declared/namespaces';
import { inBatches } from '../in-batches';
import { type StandingRegistry, type StandingRepository } from '../standing-registry';
import { type Drift, findDrift, type StandingState } from './find-drift';

export interface Verification {
  readonly environment: Environment;
  /** How many repositories are declared. */
  readonly declared: number;
  /** How many stand under the namespaces of the declared ones. */
  readonly standing: number;
  readonly drift: readonly Drift[];
}

/** Compares the repositories that the stacks declare with those that stand under the same namespaces. */
export async function verifyRegistry(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
  registry: StandingRegistry,
): Promise<Verification> {
  const all = await registry.repositories();
  const declared = declaredRepositories(stacks, pseudoParameters(all[0]));
  const names = new Set(declared.map(({ name }) => name));
  const namespaces = new Set(declared.map(({ name }) => namespaceOf(name)));
  const ours = all.filter(({ name }) => namespaces.has(namespaceOf(name)));
  const standing = await inBatches(ours, (repository) =>
    names.has(repository.name) ? stateOf(registry, repository) : bare(repository),
  );
  return {
    environment,
    declared: declared.length,
    standing: ours.length,
    drift: findDrift(declared, standing),
  };
}

const bare = async (repository: StandingRepository): Promise<StandingState> => ({
  ...repository,
  resourceTags: {},
});

async function stateOf(
  registry: StandingRegistry,
  repository: StandingRepository,
): Promise<StandingState> {
  const [lifecyclePolicy, repositoryPolicy, resourceTags] = await Promise.all([
    registry.lifecyclePolicy(repository.name),
    registry.repositoryPolicy(repository.name),
    registry.resourceTags(repository.arn),
  ]);
  return { ...repository, lifecyclePolicy, repositoryPolicy, resourceTags };
}

/** The account, region and partition, as the ARN of any repository tells them. */
function pseudoParameters(repository?: StandingRepository): PseudoParameters {
  const [, partition, , region, account] = repository?.arn.split(':') ?? [];
  const suffix = /\.ecr\.[^.]+\.([^/]+)\//.exec(repository?.uri ?? '')?.[1];
  return {
    'AWS::Partition': partition ?? unknownText,
    'AWS::Region': region ?? unknownText,
    'AWS::AccountId': account ?? unknownText,
    'AWS::URLSuffix': suffix ?? unknownText,
  };
}
