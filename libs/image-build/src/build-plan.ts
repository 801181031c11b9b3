import path from 'node:path';
import { type Environment } from '@typerush/image-registry';
import { PipelineError, type ServiceImage } from '@typerush/pipeline-context';
import { type BaseLock, lockFileOf } from './base-lock/base-lock';

export interface BuildOptions {
  readonly environment: Environment;
  /** Relative to the workspace root. */
  readonly dockerfile: string;
  readonly base: 'auto' | 'registry' | 'stand-in';
  /** The target that bundles the project when a container engine builds. @default `build` */
  readonly buildTarget?: string;
}

/** The input of an image, the same for every engine. Nothing in it depends on the commit or the time. */
export interface BuildPlan {
  readonly service: string;
  /** With the namespace: `typerush/game-service`. */
  readonly repository: string;
  /** The build context, and the WORKDIR of the stage `build` for an engine that does not run it. */
  readonly workspaceRoot: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** `--build-arg`, without NODE_IMAGE, which the engine sets. */
  readonly args: Readonly<Record<string, string>>;
  /** `os/architecture` */
  readonly platforms: readonly string[];
  readonly base: BuildOptions['base'];
  /** A reference without a pin is resolved by its tag. */
  readonly pins: BaseLock;
  /** The file of the pins, relative to the workspace root; it may not exist. */
  readonly lockFile: string;
  /** Where base images come from instead of their registries: addresses by host. */
  readonly baseMirrors?: Readonly<Record<string, string>>;
  /** Hosts of registries that are reached by plain HTTP. */
  readonly insecureRegistries: readonly string[];
  /** False for prod. */
  readonly allowStandIn: boolean;
  /** The repository of stand-in base images in a container engine. */
  readonly standInName: string;
  /** The folder of the result. */
  readonly outDir: string;
}

/** @throws PipelineError `STAND_IN_FOR_PROD` */
export function planBuild(image: ServiceImage, options: BuildOptions, pins: BaseLock): BuildPlan {
  const allowStandIn = options.environment !== 'prod';
  if (options.base === 'stand-in' && !allowStandIn) {
    throw new PipelineError(
      'STAND_IN_FOR_PROD',
      `Cannot build ${image.project} for prod: --base=stand-in is not allowed there.\n` +
        'Fix: remove --base=stand-in, and build where the registry of the base image is reachable.',
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
    baseMirrors: image.baseMirrors,
    insecureRegistries: image.insecureRegistries,
    allowStandIn,
    standInName: `${image.namespace}/base-stand-in`,
    outDir: image.outDir,
  };
}

/** The arguments that the Dockerfile declares; docs/targets/docker-build.md lists them. */
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
