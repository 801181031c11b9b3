import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { type BasePolicy, type BuildPlan } from '../engines/image-engine';
import { type ServiceImage } from '../service-image';

export interface BuildOptions {
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly base: BasePolicy;
}

/** Everything that decides what the image holds; nothing of it changes with the commit or the time. */
export function planBuild(image: ServiceImage, options: BuildOptions): BuildPlan {
  return {
    service: image.project,
    repository: image.repository,
    workspaceRoot: image.workspaceRoot,
    dockerfile: path.join(image.workspaceRoot, options.dockerfile),
    args: buildArguments(image),
    platforms: image.config.platforms,
    base: options.base,
    allowStandIn: options.environment !== 'prod',
    standInName: `${image.namespace}/base-stand-in`,
    outDir: image.outDir,
  };
}

/** The arguments that the Dockerfile declares; see README.md. */
function buildArguments(image: ServiceImage): Record<string, string> {
  return {
    APP: image.project,
    OUTPUT: path.posix.join('dist', image.projectRoot),
    PORT: String(image.config.port),
    HEALTH: image.config.health,
    TITLE: image.project,
    VERSION: image.version,
    ...(image.source ? { SOURCE: image.source } : {}),
  };
}
