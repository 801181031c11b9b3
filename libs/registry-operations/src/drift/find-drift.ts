import { type DeclaredRepository } from '../declared/declared-repository';
import { unknownText } from '../declared/resolve';
import { type StandingRepository } from '../standing-registry';
import { canonical, isObject, lifecycleForm, repositoryPolicyForm } from './policy-form';

/** All that is compared of a repository that stands. */
export interface StandingState extends StandingRepository {
  readonly lifecyclePolicy?: string;
  readonly repositoryPolicy?: string;
  readonly resourceTags: Readonly<Record<string, string>>;
}

/** One property that stands otherwise than declared; `null` is one that is not there. */
export interface Drift {
  readonly repository: string;
  /** A path, such as `lifecyclePolicy.rules.4.selection.countNumber`; `repository` for the repository itself. */
  readonly property: string;
  readonly declared: unknown;
  readonly standing: unknown;
}

/** What stands otherwise than declared, by repository. Both lists are complete: a repository in one alone is drift. */
export function findDrift(
  declared: readonly DeclaredRepository[],
  standing: readonly StandingState[],
): readonly Drift[] {
  const byName = new Map(standing.map((each) => [each.name, each]));
  const names = new Set(declared.map(({ name }) => name));
  return [
    ...declared.flatMap((each) => repositoryDrift(each, byName.get(each.name))),
    ...standing
      .filter(({ name }) => !names.has(name))
      .map(({ name }) => existence(name, null, 'exists')),
  ].sort((a, b) => (a.repository < b.repository ? -1 : a.repository > b.repository ? 1 : 0));
}

function repositoryDrift(declared: DeclaredRepository, standing?: StandingState): Drift[] {
  if (!standing) return [existence(declared.name, 'exists', null)];
  return differences('', declaredForm(declared), standingForm(declared, standing)).map((each) => ({
    repository: declared.name,
    ...each,
  }));
}

const existence = (repository: string, declared: unknown, standing: unknown): Drift => ({
  repository,
  property: 'repository',
  declared,
  standing,
});

const filtersOf = ({ mutability }: Pick<StandingRepository, 'mutability'>) =>
  (mutability.imageTagMutabilityExclusionFilters ?? []).map(({ filter }) => filter).sort();

function declaredForm(declared: DeclaredRepository) {
  return {
    imageTagMutability: declared.mutability.imageTagMutability,
    imageTagMutabilityExclusionFilters: filtersOf(declared),
    scanOnPush: declared.scanOnPush,
    encryption: declared.encryption,
    lifecyclePolicy: lifecycleForm(declared.lifecyclePolicy),
    repositoryPolicy: repositoryPolicyForm(declared.repositoryPolicy),
    tags: declared.resourceTags,
  };
}

function standingForm(declared: DeclaredRepository, standing: StandingState) {
  const { type, kmsKey } = standing.encryption;
  return {
    imageTagMutability: standing.mutability.imageTagMutability,
    imageTagMutabilityExclusionFilters: filtersOf(standing),
    scanOnPush: standing.scanOnPush,
    encryption: { type, kmsKey: sameKey(declared.encryption.kmsKey, kmsKey) },
    lifecyclePolicy: lifecycleForm(standing.lifecyclePolicy),
    repositoryPolicy: repositoryPolicyForm(standing.repositoryPolicy),
    // CloudFormation sets tags of its own, which nobody can declare.
    tags: Object.fromEntries(
      Object.entries(standing.resourceTags).filter(([key]) => !key.startsWith('aws:')),
    ),
  };
}

/** ECR answers a key's ARN, whatever it was declared by; an alias cannot be told from here. */
function sameKey(declared: string | undefined, standing: string | undefined): string | undefined {
  const same =
    declared === undefined || /(^|:)alias\//.test(declared) || standing?.endsWith(`/${declared}`);
  return same ? declared : standing;
}

type Difference = Omit<Drift, 'repository'>;

/** The innermost places that differ. */
function differences(path: string, declared: unknown, standing: unknown): Difference[] {
  if (isObject(declared) && isObject(standing)) {
    const keys = [...new Set([...Object.keys(declared), ...Object.keys(standing)])];
    return keys.flatMap((key) =>
      differences(path ? `${path}.${key}` : key, declared[key], standing[key]),
    );
  }
  if (isSame(declared, standing)) return [];
  return [{ property: path, declared: declared ?? null, standing: standing ?? null }];
}

function isSame(declared: unknown, standing: unknown): boolean {
  if (Array.isArray(declared) && Array.isArray(standing)) {
    return (
      declared.length === standing.length &&
      declared.every((each) => standing.some((other) => isSame(each, other)))
    );
  }
  if (typeof declared === 'string' && declared.includes(unknownText)) {
    return typeof standing === 'string' && fillsIn(declared, standing);
  }
  return canonical(declared) === canonical(standing);
}

/** Whether the text is the declared one with something in each place that CloudFormation alone knows. */
function fillsIn(declared: string, text: string): boolean {
  const parts = declared.split(unknownText);
  const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${escaped.join('.+')}$`, 's').test(text);
}
