import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { type BaseLock } from './base-lock/base-lock';
import { lockFileOf } from './base-lock/lock-file';
import { type BasePolicy, type BuildPlan } from './engines/image-engine';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';

export interface BuildOptions {
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly base: BasePolicy;
  /** What a builder of containers runs for the bundle; `build` where it is left out. */
  readonly buildTarget?: string;
}

/** Everything that decides what the image holds; nothing of it changes with the commit or the time. @throws PipelineError */
export function planBuild(image: ServiceImage, options: BuildOptions, pins: BaseLock): BuildPlan {
  const allowStandIn = options.environment !== 'prod';
  if (options.base === 'stand-in' && !allowStandIn) {
    throw new PipelineError(
      'STAND_IN_FOR_PROD',
      'An image for prod stands on the base that the Dockerfile names, never on a stand-in: leave out --base=stand-in.',
    );
  }
  return {
    service: image.project,
    repository: image.repository,
    workspaceRoot: image.workspaceRoot,
    dockerfile: path.join(image.workspaceRoot, options.dockerfile),
    args: buildArguments(image, options.buildTarget),
    platforms: image.config.platforms,
    base: options.base,
    pins,
    lockFile: lockFileOf(options.dockerfile),
    allowStandIn,
    standInName: `${image.namespace}/base-stand-in`,
    outDir: image.outDir,
  };
}

/** The arguments that the Dockerfile declares; see README.md. */
export function buildArguments(image: ServiceImage, buildTarget?: string): Record<string, string> {
  return {
    APP: image.project,
    OUTPUT: path.posix.join('dist', image.projectRoot),
    PORT: String(image.config.port),
    HEALTH: image.config.health,
    TITLE: image.project,
    VERSION: image.version,
    ...(image.source ? { SOURCE: image.source } : {}),
    ...(image.license ? { LICENSES: image.license } : {}),
    ...(buildTarget ? { BUILD_TARGET: buildTarget } : {}),
  };
}
