import { type Healthcheck } from '../manifest';

export interface StageCopy {
  readonly fromStage: string;
  /** As written, after substitution: absolute, or relative to the root of the stage's file system. */
  readonly sources: readonly string[];
  readonly destination: string;
  /** `uid:gid` */
  readonly chown?: string;
  readonly chmod?: number;
  readonly line: number;
}

export interface StageConfig {
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly exposedPorts: readonly string[];
  readonly workingDir?: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly stopSignal?: string;
  readonly healthcheck?: Healthcheck;
}

/** One instruction of the runtime stage as `docker history` shows it. */
export interface StageStep {
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

export interface RuntimeStage {
  readonly baseReference: string;
  readonly copies: readonly StageCopy[];
  readonly config: StageConfig;
  readonly steps: readonly StageStep[];
  /** The working folder of each stage that is copied from: where that stage's output stands in the container. */
  readonly stageWorkdirs: Readonly<Record<string, string>>;
}

export interface ReadStageOptions {
  /** Named in errors. */
  readonly file?: string;
  /** `--build-arg` */
  readonly args?: Readonly<Record<string, string>>;
  /** A stage's name; the last stage unless given. */
  readonly target?: string;
}

/**
 * What the runtime stage of a Dockerfile adds to its base.
 * @throws DockerfileError on whatever needs a container to run, with file, line and what to do
 */
export function readRuntimeStage(_text: string, _options: ReadStageOptions = {}): RuntimeStage {
  throw new Error('not yet');
}
