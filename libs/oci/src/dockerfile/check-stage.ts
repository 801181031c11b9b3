import path from 'node:path';
import { DockerfileError, unsupported } from './dockerfile-error';
import { type CopyStep } from './copy';
import { readStage, type StageState, stateOf } from './read-stage';
import {
  findStage,
  type ReadStageOptions,
  splitStages,
  type Stage,
  type StagedDockerfile,
} from './stages';
import { hostWorkdir } from './workdir';

export interface CheckStageOptions extends ReadStageOptions {
  /** The stages whose working folder is on this machine. */
  readonly hostStages?: readonly string[];
}

/**
 * Checks that a stage can be built without a container, as far as that does not depend on its base image.
 * @throws DockerfileError
 */
export function checkFinalStage(text: string, options: CheckStageOptions = {}): void {
  const dockerfile = splitStages(text, options);
  const stage = findStage(dockerfile.stages, options.file, options.target);
  new StageCheck(dockerfile, options.hostStages ?? []).check(stage);
}

class StageCheck {
  private readonly states = new Map<Stage, StageState>();

  constructor(
    private readonly dockerfile: StagedDockerfile,
    private readonly hostStages: readonly string[],
  ) {}

  check(stage: Stage): StageState {
    const known = this.states.get(stage);
    if (known) return known;
    const before = stage.parent ? this.check(stage.parent) : stateOf({});
    const read = readStage(stage, before, this.dockerfile);
    this.states.set(stage, read);
    for (const { files } of read.steps) {
      if (files?.type === 'copy' && files.origin?.type === 'stage') {
        this.checkOrigin(files, files.origin.stage);
      }
    }
    return read;
  }

  private checkOrigin(step: CopyStep, stage: Stage): void {
    if (this.hostStages.includes(stage.name)) {
      const workdir = hostWorkdir(stage, this.dockerfile, {});
      const outside = step.sources.find((source) => isOutside(workdir, source));
      if (outside === undefined) return;
      throw unsupported(
        step.at,
        `${outside} is outside of ${workdir} of the stage "${stage.name}"`,
      );
    }
    try {
      this.check(stage);
    } catch (error) {
      if (!(error instanceof DockerfileError) || error.code !== 'DOCKERFILE_UNSUPPORTED')
        throw error;
      throw unsupported(
        step.at,
        `the stage "${stage.name}" needs a container (line ${error.at.line})`,
      );
    }
  }
}

/** Whether the part of a path before its first pattern is not in the folder. */
function isOutside(folder: string, source: string): boolean {
  const names = source.replace('/./', '/').split('/');
  const pattern = names.findIndex((name) => /[*?[]/.test(name));
  const known = pattern < 0 ? names : names.slice(0, pattern);
  return path.posix.relative(folder, known.join('/') || '/').startsWith('..');
}
