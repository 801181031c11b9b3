import { type Environment } from './environment';
import { branchTag } from './branch-tag';
import { type RetentionProfile } from './lifecycle/retention';
import { excerpt } from './excerpt';
import { TagError } from './tag';
import { branchTagOf, deployedTag, deployedTags, tagSet } from './tag-set';
import {
  expandTagTemplate,
  type ExpandedTag,
  type SkippedTemplate,
  type TagValues,
  type TagVariable,
} from './tag-template';

export interface Commit {
  /** The full or abbreviated object id, 7 to 64 hexadecimal digits. */
  readonly sha: string;
  /** Whether the working tree holds changes that the commit does not. */
  readonly dirty: boolean;
}

/** What is known of where a push comes from, for templates. */
export interface TagSource {
  /** Undefined on a pull request: its branch can have any name, also that of the main branch. */
  readonly branch?: string;
  /** The number of a pull request. */
  readonly pr?: string;
  /** A Git tag that points to this commit. */
  readonly gitTag?: string;
  /** The number of the run of CI. */
  readonly run?: string;
}

export interface TagPlanInput {
  readonly environment: Environment;
  /** The profile that the tags are kept by. @default environment */
  readonly retention?: RetentionProfile;
  readonly commit: Commit;
  readonly time: Date;
  /** The semantic version of what is pushed, without a leading `v`. */
  readonly version: string;
  readonly source?: TagSource;
  /** Of `image.json`: replaces the fixed tags and the branch of the profile's tag set. */
  readonly tagSet?: readonly string[];
  /** Of `image.json`: one that names what this push does not have is left out. */
  readonly templates?: readonly string[];
  /** Requested for this push: a value that the push does not have is an error. */
  readonly requested?: readonly string[];
}

/** The tags of a push: `fixed` ones always point to this image, `moving` ones leave the image that they pointed to. */
export interface TagPlan {
  readonly fixed: readonly string[];
  readonly moving: readonly string[];
}

export interface PlannedTags extends TagPlan {
  /** Those of `fixed` that name the push alone: nothing new about an image that has all its other tags. */
  readonly passing: readonly string[];
  readonly skipped: readonly SkippedTemplate[];
}

// https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/**
 * The tags that a push gets: the tag set of the retention profile in the environment or the one that replaces it, and what
 * the templates make.
 *
 * @throws TagError for an invalid commit id, semantic version or tag, for a dirty tree in prod, and for a tag of another
 *   environment.
 */
export function planTags(input: TagPlanInput): PlannedTags {
  const { environment, retention = 'environment', commit, templates = [], requested = [] } = input;
  const values = valuesOf(input);
  if (environment === 'prod' && commit.dirty) throw dirtyTree();
  const expand = (template: string) => expandTagTemplate(template, values, commit.dirty);

  const branch = branchTagOf(retention, environment, values.branch);
  const set = input.tagSet
    ? [...input.tagSet, deployedTag(environment)]
    : [...tagSet(retention, environment), ...(branch === undefined ? [] : ['{branch}'])];
  const planned = set.map(expand);
  const own = planned.filter(isTagged);
  const more = templates.map(expand);
  const wanted = requested.map((template) => ({ ...required(expand(template)), passing: false }));
  const added = [...wanted, ...more.filter(isTagged)];
  const deployed = own.filter(({ tag }) => tag === deployedTag(environment));
  if (input.tagSet) for (const { tag } of own) refuseReserved(tag, deployed);
  for (const { tag } of added) refuseReserved(tag, own);
  const all = uniqueTags([...own, ...added]);
  const tags = (some: readonly ExpandedTag[]) => some.map(({ tag }) => tag);
  return {
    fixed: tags(all.filter(({ moving }) => !moving)),
    moving: tags(all.filter(({ moving }) => moving)),
    passing: tags(all.filter(({ passing }) => passing)),
    skipped: [...planned, ...more].filter(isSkipped),
  };
}

function valuesOf({ environment, commit, time, version, source = {} }: TagPlanInput): TagValues {
  const { branch, pr, gitTag, run } = source;
  return {
    branch: branch && branchTag(branch),
    pr,
    version: semanticVersion(version),
    // Tags of images have no "+"; Helm replaces it in the same way.
    gitTag: gitTag?.replaceAll('+', '_'),
    sha7: commitId(commit.sha).slice(0, 7),
    sha: commit.sha,
    timestamp: timestamp(time),
    environment,
    run,
  };
}

const isTagged = (one: ExpandedTag | SkippedTemplate): one is ExpandedTag => 'tag' in one;
const isSkipped = (one: ExpandedTag | SkippedTemplate): one is SkippedTemplate => 'missing' in one;

/** The first of each tag, so that the tags of the environment decide whether theirs move. */
const uniqueTags = (all: readonly ExpandedTag[]) =>
  all.filter(({ tag }, index) => all.findIndex((other) => other.tag === tag) === index);

const howToHave: Readonly<Partial<Record<TagVariable, string>>> = {
  branch: 'No branch is checked out, or this is a pull request.',
  pr: 'This is not a build of a pull request.',
  gitTag: 'No Git tag points to this commit. Create one: git tag <name>.',
  run: 'Only runs in CI have a number.',
};

function required(one: ExpandedTag | SkippedTemplate): ExpandedTag {
  if (isTagged(one)) return one;
  throw new TagError(
    'TAG_VARIABLE_MISSING',
    `Cannot expand --tag=${excerpt(one.template)}: this push has no value for {${one.missing}}. ${howToHave[one.missing] ?? ''}`.trim(),
  );
}

function refuseReserved(tag: string, own: readonly ExpandedTag[]): void {
  if (!deployedTags.includes(tag) || own.some((one) => one.tag === tag)) return;
  throw new TagError(
    'TAG_RESERVED',
    `A template produces the tag "${tag}", which another environment is deployed from. ` +
      'Fix: write text before the variable, such as "branch-{branch}".',
  );
}

const dirtyTree = () =>
  new TagError(
    'DIRTY_TREE',
    'The working tree has uncommitted changes, and an image in prod must be what its commit says. Commit or discard them.',
  );

/** ISO 8601's basic format in UTC, to the second: 20261121T165200Z. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}

function commitId(sha: string): string {
  if (/^[0-9a-f]{7,64}$/.test(sha)) return sha;
  throw new TagError(
    'COMMIT_INVALID',
    `"${sha}" is not a commit id. Expected 7 to 64 lower-case hexadecimal digits.`,
  );
}

function semanticVersion(version: string): string {
  if (!semver.test(version)) {
    throw new TagError(
      'VERSION_INVALID',
      `"${version}" is not a semantic version, such as 1.4.0 or 1.4.0-rc.1. Correct "version" in package.json.`,
    );
  }
  if (version.includes('+')) {
    throw new TagError(
      'VERSION_INVALID',
      `The version "${version}" has build metadata, and a tag cannot hold "+". Drop what follows it.`,
    );
  }
  return version;
}
