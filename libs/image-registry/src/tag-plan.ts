import { type Environment } from './environment';
import { assertTag, TagError } from './tag';

export interface Commit {
  /** The full or abbreviated object id, 7 to 64 hexadecimal digits. */
  readonly sha: string;
  /** Whether the working tree holds changes that the commit does not. */
  readonly dirty: boolean;
}

export interface TagPlanInput {
  readonly environment: Environment;
  readonly commit: Commit;
  readonly time: Date;
  /** The semantic version of what is pushed, without a leading `v`. */
  readonly version: string;
}

/** The tags of a push: `fixed` ones name this image for good, `moving` ones leave the image that carried them. */
export interface TagPlan {
  readonly fixed: readonly string[];
  readonly moving: readonly string[];
}

// https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
const semver =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.(?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(?:\+[0-9a-zA-Z-]+(?:\.[0-9a-zA-Z-]+)*)?$/;

/**
 * The tags that a push to an environment gets.
 *
 * @throws TagError for what is no commit id or no semantic version, and for a dirty tree in prod.
 */
export function planTags({ environment, commit, time, version }: TagPlanInput): TagPlan {
  const sha = shortSha(commit.sha);
  const release = `v${semanticVersion(version)}`;
  const mark = commit.dirty ? '-dirty' : '';
  const plan = {
    local: () => developmentTags(sha + mark, time),
    dev: () => developmentTags(sha + mark, time),
    staging: () => ({ fixed: [`staging-${sha}${mark}`], moving: ['staging'] }),
    prod: () => productionTags(sha, release, commit.dirty),
  }[environment]();
  for (const tag of [...plan.fixed, ...plan.moving]) assertTag(tag);
  return plan;
}

function developmentTags(sha: string, time: Date): TagPlan {
  return { fixed: [`dev-${sha}`, `dev-${timestamp(time)}`], moving: ['latest'] };
}

function productionTags(sha: string, release: string, dirty: boolean): TagPlan {
  if (dirty) {
    throw new TagError(
      'DIRTY_TREE',
      'The working tree has uncommitted changes, and an image in prod must be what its commit says. Commit or discard them.',
    );
  }
  return { fixed: [`prod-${sha}`, release], moving: ['prod'] };
}

/** ISO 8601's basic format in UTC, to the second: 20261121T165200Z. */
function timestamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, '');
}

function shortSha(sha: string): string {
  if (/^[0-9a-f]{7,64}$/.test(sha)) return sha.slice(0, 7);
  throw new TagError(
    'INVALID_COMMIT',
    `"${sha}" is not a commit id: it takes 7 to 64 lower-case hexadecimal digits.`,
  );
}

function semanticVersion(version: string): string {
  if (!semver.test(version)) {
    throw new TagError(
      'INVALID_VERSION',
      `"${version}" is not a semantic version, such as 1.4.0 or 1.4.0-rc.1. Correct "version" in package.json.`,
    );
  }
  if (version.includes('+')) {
    throw new TagError(
      'INVALID_VERSION',
      `The version "${version}" has build metadata, and a tag cannot hold "+". Drop what follows it.`,
    );
  }
  return version;
}
