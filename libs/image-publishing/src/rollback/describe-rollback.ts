import { type Environment } from '@typerush/image-registry';
import { type Digest, shortDigest } from '@typerush/oci';
import { byteSize, grid, type Report, table } from '@typerush/terminal-output';
import { type DestinationPush } from '../push/destinations';
import { destinationData, statePhrase } from '../release/move-tags';
import { type PackageChanges } from './compare-packages';
import { previousVersion, type Version } from './versions';

export interface ListedVersion extends Version {
  /** What differs from the current image; undefined if one of them has no SBOM. */
  readonly packages?: PackageChanges;
}

interface Context {
  readonly project: string;
  readonly environment: Environment;
  /** Of the repository. */
  readonly uri: string;
}

/** What one can return to. */
export function describeVersions(
  { project, environment, uri }: Context,
  current: Digest,
  versions: readonly ListedVersion[],
): Report {
  const previous = previousVersion(versions, current)?.digest;
  const now = versions.find(({ digest }) => digest === current);
  const rows = versions.map((version) => [
    version.name,
    shortDigest(version.digest),
    stateOf(version, current, previous),
    version.periods.map(describePeriod).join('; '),
    version.digest === current ? '' : describeDifference(version, now),
  ]);
  const heading = ['version', 'digest', '', 'current (UTC)', 'compared with the current one'];
  const title = `${project}: versions of ${environment} in ${uri}`;
  return {
    data: {
      service: project,
      environment,
      repositoryUri: uri,
      current,
      previous: previous ?? null,
      versions,
    },
    text: grid(title, heading, rows),
  };
}

function stateOf({ digest, archived }: Version, current: Digest, previous: Digest | undefined) {
  if (digest === current) return 'current';
  if (archived) return 'archived';
  return digest === previous ? 'previous' : '';
}

const minute = (date: Date) => date.toISOString().slice(0, 16).replace('T', ' ');

const describePeriod = ({ from, until }: Version['periods'][number]) =>
  `${minute(from)} - ${until ? minute(until) : 'now'}`;

const shown = 3;

function describeDifference({ size, packages }: ListedVersion, now: Version | undefined): string {
  const growth = now ? size - now.size : 0;
  const sizes = growth === 0 ? [] : [`${growth > 0 ? '+' : '-'}${byteSize(Math.abs(growth))}`];
  if (!packages) return [...sizes, 'packages unknown'].join(', ');
  const { added, removed, changed } = packages;
  const changes = [
    ...changed.map(({ name, from, to }) => `${name} ${from} -> ${to}`),
    ...added.map((name) => `with ${name}`),
    ...removed.map((name) => `without ${name}`),
  ];
  const more = changes.length - shown;
  return [
    ...sizes,
    ...changes.slice(0, shown),
    ...(more > 0 ? [`and ${more} more`] : []),
    ...(changes.length === 0 ? ['same packages'] : []),
  ].join(', ');
}

interface Rollback {
  readonly version: Version;
  /** The name of the version that was current before. */
  readonly from: string;
  readonly pushes: readonly DestinationPush[];
  readonly dryRun: boolean;
}

/** What a rollback does or has done. */
export function describeRollback(
  { project, environment, uri }: Context,
  { version, from, pushes, dryRun }: Rollback,
): Report {
  const { name, digest } = version;
  const destinations = pushes.map((push) =>
    destinationData(push, digest, push.plan.set.moving.length === 0),
  );
  const texts = pushes.map(({ repository, plan, existing }) =>
    table(titleOf(project, environment, name, plan.set.moving.length > 0, dryRun), [
      ['image', `${repository.uri}@${digest}`],
      ['was', from],
      ...plan.tags.map(
        ({ tag, action }) =>
          [action === 'keep' ? 'unchanged' : 'tag', describeTag(tag, existing.get(tag))] as const,
      ),
    ]),
  );
  return {
    data: {
      ...(dryRun && { dryRun }),
      service: project,
      environment,
      repositoryUri: uri,
      version: name,
      digest,
      from,
      ...destinations[0],
      destinations,
    },
    text: texts.join(''),
  };
}

function titleOf(
  project: string,
  environment: Environment,
  name: string,
  moves: boolean,
  dryRun: boolean,
): string {
  if (!moves) return `${project}: ${environment} already is on ${name}`;
  return `${project}: ${environment} ${dryRun ? 'would return' : 'returned'} to ${name}`;
}

const describeTag = (tag: string, before: Digest | undefined) =>
  `${tag} (before: ${statePhrase(before)})`;
