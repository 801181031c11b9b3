import { PipelineError } from '@typerush/pipeline-context';
import { type DeclaredRepository } from '../declared/declared-repository';
import { type StandingRegistry } from '../standing-registry';

/** A repository, and the policy that is to be looked at. */
export interface PreviewedRepository {
  readonly name: string;
  /** Its text. */
  readonly policy: string;
  /** Where the policy is from, for messages. */
  readonly source: string;
}

/**
 * The repositories of a registry with the policies that stand on them; those without one are left out.
 *
 * @param only The one that is meant; all where it is left out.
 */
export async function standingPolicies(
  registry: StandingRegistry,
  only?: string,
): Promise<PreviewedRepository[]> {
  const found: PreviewedRepository[] = [];
  for (const name of await repositoryNames(registry, only)) {
    const policy = await registry.lifecyclePolicy(name);
    if (policy !== undefined) found.push({ name, policy, source: name });
  }
  return orMissing(found, only);
}

/** The repositories that stand, with the policies that are declared for them. */
export async function declaredPolicies(
  registry: StandingRegistry,
  declared: readonly DeclaredRepository[],
  only?: string,
): Promise<PreviewedRepository[]> {
  const standing = new Set(await repositoryNames(registry, only));
  const found = declared.flatMap(({ name, lifecyclePolicy: policy }) =>
    policy !== undefined && standing.has(name)
      ? [{ name, policy, source: `${name}, as declared` }]
      : [],
  );
  return orMissing(found, only);
}

/** The repositories that stand, all with the policy of a file. */
export async function policyForAll(
  registry: StandingRegistry,
  policy: string,
  source: string,
  only?: string,
): Promise<PreviewedRepository[]> {
  return (await repositoryNames(registry, only)).map((name) => ({ name, policy, source }));
}

async function repositoryNames(registry: StandingRegistry, only?: string): Promise<string[]> {
  return only ? [only] : (await registry.repositories()).map(({ name }) => name);
}

function orMissing(found: PreviewedRepository[], only?: string): PreviewedRepository[] {
  if (!only || found.length > 0) return found;
  throw new PipelineError(
    'POLICY_MISSING',
    `The repository ${only} has no lifecycle policy, so nothing ever expires in it. Look at one with --policy=FILE.`,
  );
}
