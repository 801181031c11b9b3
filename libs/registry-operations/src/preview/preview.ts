import { type Environment } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { declaredRepositories } from '../declared/declared-repository';
import { readAssembly } from '../declared/read-assembly';
import { unknownText } from '../declared/resolve';
import { type StandingRegistry } from '../standing-registry';
import { parseInstant } from './instant';
import { previewFiles } from './preview-files';
import { type PolicyPreview } from './preview-policy';
import { previewRegistry } from './preview-registry';
import {
  declaredPolicies,
  policyForAll,
  type PreviewedRepository,
  standingPolicies,
} from './previewed-repositories';
import { readTextFile } from './read-text-file';

export interface PreviewOptions {
  readonly environment: Environment;
  /** A file with a policy. */
  readonly policy?: string;
  /** A file with images. */
  readonly images?: string;
  /** An ISO date. */
  readonly now?: string;
  /** The full name of the repository that is meant. */
  readonly repository?: string;
  /** The policies that the synthesized stacks declare, instead of those that stand. */
  readonly declared: boolean;
}

export interface PreviewWorld {
  readonly workspaceRoot: string;
  /** The folder that files are told from. */
  readonly cwd: string;
  now(): Date;
  /** Not called where files tell all. */
  registry(): StandingRegistry;
}

/**
 * What the options ask for: a policy and images of files, or the policies and images of a registry.
 *
 * @throws PipelineError
 */
export async function preview(
  options: PreviewOptions,
  world: PreviewWorld,
): Promise<readonly PolicyPreview[]> {
  refuseContradictions(options);
  const at = options.now === undefined ? world.now() : instant(options.now);
  const { policy, images } = options;
  if (policy !== undefined && images !== undefined) {
    return [await previewFiles({ policy, images }, world.cwd, at)];
  }
  const registry = world.registry();
  return previewRegistry(registry, await policies(registry, options, world), at);
}

async function policies(
  registry: StandingRegistry,
  { policy, repository, declared, environment }: PreviewOptions,
  { workspaceRoot, cwd }: PreviewWorld,
): Promise<PreviewedRepository[]> {
  if (policy !== undefined) {
    const text = await readTextFile(policy, cwd);
    return policyForAll(registry, text, policy, repository);
  }
  if (!declared) return standingPolicies(registry, repository);
  const stacks = await readAssembly(workspaceRoot, environment);
  return declaredPolicies(registry, declaredRepositories(stacks, unknownAccount), repository);
}

/** Neither a repository's name nor its policy depends on the account. */
const unknownAccount = {
  'AWS::Partition': unknownText,
  'AWS::Region': unknownText,
  'AWS::AccountId': unknownText,
  'AWS::URLSuffix': unknownText,
};

function refuseContradictions({ policy, images, repository, declared }: PreviewOptions): void {
  const refuse = (what: string) => {
    throw new PipelineError('OPTIONS_INVALID', what);
  };
  if (images !== undefined && policy === undefined)
    refuse('--images needs --policy: the file whose policy is to judge these images.');
  if (images !== undefined && repository !== undefined)
    refuse('--repository is one of a registry; with --images no registry is asked.');
  if (policy !== undefined && declared)
    refuse('--policy and --declared each name the policy; keep one.');
}

function instant(now: string): Date {
  const date = parseInstant(now);
  if (date) return date;
  throw new PipelineError(
    'NOW_INVALID',
    `--now is "${now}"; it must be an ISO date, such as 2026-11-21 or 2026-11-21T12:00:00Z.`,
  );
}
