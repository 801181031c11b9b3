import { type Environment } from './environment';
import { movingTags, type RetentionProfile, tagPrefixes } from './lifecycle/retention';
import { describeTagTemplate } from './tag-template';

/** The moving tag that an environment is deployed from: the last push to it. */
const deployed: Readonly<Record<Environment, string>> = {
  local: 'latest',
  dev: 'latest',
  staging: 'staging',
  prod: 'prod',
};

export const deployedTag = (environment: Environment): string => deployed[environment];

/** What is deployed from: no other environment may move it, whatever a branch is called. */
export const deployedTags: readonly string[] = [...new Set(Object.values(deployed))];

const ofEnvironment: Readonly<Record<Environment, readonly string[]>> = {
  local: ['dev-{sha7}', 'dev-{timestamp}'],
  dev: ['dev-{sha7}', 'dev-{timestamp}'],
  staging: ['staging-{sha7}'],
  prod: ['prod-{sha7}', 'v{version}'],
};

/** The templates of the tags of every push: those that the rules of the retention profile keep. */
export function tagSet(profile: RetentionProfile, environment: Environment): readonly string[] {
  const fixed = profile === 'release' ? ['sha-{sha7}', 'v{version}'] : ofEnvironment[environment];
  return [...fixed, deployedTag(environment)];
}

/** The templates of the fixed tags of an environment: of the profile, or those of `image.json` that replace them. */
export function fixedTagTemplates(
  {
    retention,
    tagSet: own,
  }: {
    readonly retention: RetentionProfile;
    readonly tagSet?: Readonly<Partial<Record<Environment, readonly string[]>>>;
  },
  environment: Environment,
): readonly string[] {
  const templates = own?.[environment] ?? tagSet(retention, environment);
  return templates.filter((template) => {
    const { variable, comesAndGoes } = describeTagTemplate(template);
    return variable !== undefined && !comesAndGoes;
  });
}

/**
 * The tag of the branch that a profile adds to a push, if the environment lets it move: in prod only the moving tags of the
 * profile do. Not the name of a tag that is deployed from.
 */
export function branchTagOf(
  profile: RetentionProfile,
  environment: Environment,
  branch: string | undefined,
): string | undefined {
  if (profile !== 'release' || branch === undefined) return undefined;
  if (deployedTags.includes(branch)) return undefined;
  return environment !== 'prod' || movingTags[profile].includes(branch) ? branch : undefined;
}

/**
 * What a tag template has to be if no rule of the profile keeps its tags: they would expire by the other tags of their
 * image. The tags of branches and pull requests may, since they come and go.
 */
export function unkeptTemplate(profile: RetentionProfile, template: string): string | undefined {
  const { literal, variable, comesAndGoes } = describeTagTemplate(template);
  if (comesAndGoes) return undefined;
  if (variable === undefined && movingTags[profile].includes(template)) return undefined;
  const prefixes = tagPrefixes(profile);
  const isFreeText = variable === 'gitTag' || variable === 'environment' || variable === 'branch';
  const isKept = prefixes.some(
    (prefix) => literal.startsWith(prefix) || (isFreeText && prefix.startsWith(literal)),
  );
  if (isKept) return undefined;
  return `a tag that a rule of the retention profile ${profile} keeps; its tags begin with ${prefixes.join(', ')}`;
}
