import { type Environment } from '@typerush/image-registry';
import { type NxReleasePublishOptions } from './options';

export interface PlannedRelease {
  readonly version: string;
  readonly environment: Environment;
}

type Versions = Pick<
  NxReleasePublishOptions,
  'nxReleaseVersionData' | 'environment' | 'prereleaseEnvironment'
>;

/**
 * The version of a project to push, and where; undefined if the release gives it no new one.
 * @param current The version in its package.json: without data of nx release (`nx release publish`), that is pushed.
 */
export function planRelease(
  project: string,
  current: string,
  { nxReleaseVersionData: data, environment, prereleaseEnvironment }: Versions,
): PlannedRelease | undefined {
  const version = data ? data[project]?.newVersion : current;
  if (!version) return undefined;
  // Build metadata may contain a hyphen; it makes no pre-release: https://semver.org/#spec-item-10
  const isPrerelease = version.replace(/\+.*$/, '').includes('-');
  return { version, environment: isPrerelease ? prereleaseEnvironment : environment };
}
