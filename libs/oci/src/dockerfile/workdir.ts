import path from 'node:path';
import { type RunConfig } from '../manifest';
import { readStage, type StageState, stateOf } from './read-stage';
import { type Stage, type StagedDockerfile } from './stages';

const KEYWORDS: ReadonlySet<string> = new Set(['ARG', 'ENV', 'WORKDIR']);

/** The working folder at the end of a stage that an engine or this machine has run. */
export function hostWorkdir(stage: Stage, dockerfile: StagedDockerfile, base: RunConfig): string {
  const { WorkingDir } = stateAfter(stage, dockerfile, base).config;
  return path.posix.resolve('/', WorkingDir ?? '');
}

function stateAfter(stage: Stage, dockerfile: StagedDockerfile, base: RunConfig): StageState {
  const before = stage.parent ? stateAfter(stage.parent, dockerfile, base) : stateOf(base);
  const instructions = stage.instructions.filter(({ keyword }) => KEYWORDS.has(keyword));
  const config = { ...before.config, OnBuild: [] };
  return readStage({ ...stage, instructions }, { ...before, config }, dockerfile);
}

/** Whether the working folder of a stage depends on its base image. */
export function workdirNeedsBase(stage: Stage): boolean {
  const written = stage.instructions
    .filter(({ keyword }) => keyword === 'WORKDIR')
    .map(({ text }) => text);
  const isFixed = written.some((text) => text.startsWith('/')) && !written.join('').includes('$');
  return !isFixed && (stage.parent ? workdirNeedsBase(stage.parent) : true);
}
