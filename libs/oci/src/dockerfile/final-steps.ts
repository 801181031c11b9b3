import { type RunConfig } from '../manifest';
import { readStage, type StageState, type StageStep, stateOf } from './read-stage';
import { findStage, type ReadStageOptions, splitStages, type Stage } from './stages';

/**
 * The steps of the final stage and of the stages that it is based on.
 * @throws DockerfileError if an instruction is invalid or needs a container
 */
export function finalSteps(
  text: string,
  base: RunConfig,
  options: ReadStageOptions = {},
): readonly StageStep[] {
  const dockerfile = splitStages(text, options);
  const read = (stage: Stage): StageState & { steps: readonly StageStep[] } => {
    const parent = stage.parent && read(stage.parent);
    const own = readStage(stage, parent ?? stateOf(base), dockerfile);
    return { ...own, steps: [...(parent?.steps ?? []), ...own.steps] };
  };
  return read(findStage(dockerfile.stages, options.file, options.target)).steps;
}
