import { type Environment } from '@typerush/image-registry';
import {
  type DeclaredRepository,
  declaredRepositories,
  inNamespaces,
  namespacesOf,
} from '../declared/declared';
import { type SynthesizedStack } from '../declared/read-assembly';
import {
  type PseudoParameters,
  unknownParameters,
  unknownText,
} from '../declared/resolve-intrinsics';
import {
  type ActualRepository,
  inBatches,
  type RemoteRegistry,
  type RepositoryDescription,
} from '../remote-registry';
import { canonical, isObject, lifecycleForm, repositoryPolicyForm } from './policy-form';

export interface DriftReport {
  readonly environment: Environment;
  /** How many repositories are declared. */
  readonly declared: number;
  /** How many exist in the namespaces of the declared ones. */
  readonly actual: number;
  readonly drift: readonly Drift[];
}

/** A property that differs from its declaration; `null` is one that does not exist. */
export interface Drift {
  readonly repository: string;
  /** A path, such as `lifecyclePolicy.rules.4.selection.countNumber`; `repository` for the repository itself. */
  readonly property: string;
  readonly declared: unknown;
  readonly actual: unknown;
}

/** Compares the repositories that the stacks declare with those in the same namespaces of the registry. */
export async function findDrift(
  environment: Environment,
  stacks: readonly SynthesizedStack[],
  registry: RemoteRegistry,
): Promise<DriftReport> {
  const all = await registry.repositories();
  const declared = declaredRepositories(stacks, pseudoParameters(all[0]));
  const names = declared.map(({ name }) => name);
  const existing = all.filter(inNamespaces(namespacesOf(names)));
  const actual = await inBatches(existing, async (each) =>
    names.includes(each.name) ? registry.readRepository(each) : { ...each, resourceTags: {} },
  );
  const drift = compareRepositories(declared, actual);
  return { environment, declared: declared.length, actual: actual.length, drift };
}

/** Partition, region and account are in the ARN of every repository. */
function pseudoParameters(repository?: RepositoryDescription): PseudoParameters {
  if (!repository) return unknownParameters;
  const [, partition, , region, account] = repository.arn.split(':');
  const suffix = /\.ecr\.[^.]+\.([^/]+)\//.exec(repository.uri)?.[1];
  return {
    'AWS::Partition': partition ?? unknownText,
    'AWS::Region': region ?? unknownText,
    'AWS::AccountId': account ?? unknownText,
    'AWS::URLSuffix': suffix ?? unknownText,
  };
}

/** The differences by repository. Both lists are complete: a repository in only one of them is drift. */
export function compareRepositories(
  declared: readonly DeclaredRepository[],
  actual: readonly ActualRepository[],
): readonly Drift[] {
  const byName = new Map(actual.map((each) => [each.name, each]));
  const names = new Set(declared.map(({ name }) => name));
  return [
    ...declared.flatMap((each) => repositoryDrift(each, byName.get(each.name))),
    ...actual
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => existence(name, null, 'exists')),
  ].sort((a, b) => (a.repository < b.repository ? -1 : a.repository > b.repository ? 1 : 0));
}

function repositoryDrift(declared: DeclaredRepository, actual?: ActualRepository): Drift[] {
  if (!actual) return [existence(declared.name, 'exists', null)];
  const encryption = {
    ...actual.encryption,
    kmsKey: sameKey(declared.encryption.kmsKey, actual.encryption.kmsKey),
  };
  // CloudFormation sets tags of its own, which cannot be declared.
  const ownTags = Object.entries(actual.resourceTags).filter(([key]) => !key.startsWith('aws:'));
  const resourceTags = Object.fromEntries(ownTags);
  const comparable = comparableForm({ ...actual, encryption, resourceTags });
  return differences('', comparableForm(declared), comparable).map((each) => ({
    repository: declared.name,
    ...each,
  }));
}

const existence = (repository: string, declared: unknown, actual: unknown): Drift => ({
  repository,
  property: 'repository',
  declared,
  actual,
});

/** The properties under the names that drift reports. */
function comparableForm(repository: DeclaredRepository) {
  const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = repository.mutability;
  return {
    imageTagMutability,
    imageTagMutabilityExclusionFilters: imageTagMutabilityExclusionFilters
      .map(({ filter }) => filter)
      .sort(),
    scanOnPush: repository.scanOnPush,
    encryption: repository.encryption,
    lifecyclePolicy: lifecycleForm(repository.lifecyclePolicy),
    repositoryPolicy: repositoryPolicyForm(repository.repositoryPolicy),
    tags: repository.resourceTags,
  };
}

/** ECR returns a key's ARN, in whatever form it was declared. Whether an alias refers to it is unknown here. */
function sameKey(declared: string | undefined, actual: string | undefined): string | undefined {
  const isSame =
    declared === undefined || /(^|:)alias\//.test(declared) || actual?.endsWith(`/${declared}`);
  return isSame ? declared : actual;
}

/** The innermost properties that differ. */
function differences(
  path: string,
  declared: unknown,
  actual: unknown,
): Omit<Drift, 'repository'>[] {
  if (isObject(declared) && isObject(actual)) {
    const keys = [...new Set([...Object.keys(declared), ...Object.keys(actual)])];
    return keys.flatMap((key) =>
      differences(path ? `${path}.${key}` : key, declared[key], actual[key]),
    );
  }
  if (isSame(declared, actual)) return [];
  return [{ property: path, declared: declared ?? null, actual: actual ?? null }];
}

function isSame(declared: unknown, actual: unknown): boolean {
  if (Array.isArray(declared) && Array.isArray(actual)) {
    return (
      declared.length === actual.length &&
      declared.every((each) => actual.some((other) => isSame(each, other)))
    );
  }
  if (typeof declared === 'string' && declared.includes(unknownText)) {
    return typeof actual === 'string' && matchesUnknown(declared, actual);
  }
  return canonical(declared) === canonical(actual);
}

/** Whether the text is the declared one with any text in each place that only CloudFormation knows. */
function matchesUnknown(declared: string, text: string): boolean {
  const parts = declared.split(unknownText);
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.+')}$`, 's').test(text);
}
