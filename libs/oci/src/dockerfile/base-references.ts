import { parseDockerfile } from './instruction';
import { type ReadStageOptions } from './final-stage';
import { findStage, splitStages } from './stages';

export interface BaseReferences {
  /** The base image of the final stage. */
  readonly final: string;
  /** Of every stage, each once, in the order of the file. */
  readonly all: readonly string[];
}

/**
 * The images that a Dockerfile's stages start from, whatever its instructions need to run.
 * @throws DockerfileError
 */
export function baseReferences(text: string, options: ReadStageOptions = {}): BaseReferences {
  const { file = 'Dockerfile', args = {}, target } = options;
  const { stages } = splitStages(parseDockerfile(text, file), file, args);
  const isStage = (base: string) => stages.some(({ name }) => name === base.toLowerCase());
  let stage = findStage(stages, file, target);
  for (;;) {
    const earlier = stages.slice(0, stages.indexOf(stage));
    const parent = earlier.find(({ name }) => name === stage.base.toLowerCase());
    if (!parent) break;
    stage = parent;
  }
  const bases = stages.map(({ base }) => base);
  const all = bases.filter((base) => !isStage(base) && base !== 'scratch');
  return { final: stage.base, all: [...new Set(all)] };
}
