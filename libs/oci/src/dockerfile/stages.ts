import path from 'node:path';
import { DockerfileError, invalid } from './dockerfile-error';
import { type Instruction, type ParsedDockerfile } from './instruction';
import { type BuildArgs, Scope } from './scope';

export interface Stage {
  /** As in `FROM ... AS name`, lower case; the stage's number without one. */
  readonly name: string;
  readonly from: Instruction;
  /** The image or the stage that it starts from. */
  readonly base: string;
  readonly instructions: readonly Instruction[];
}

export interface StagedDockerfile {
  readonly stages: readonly Stage[];
  readonly globals: ReadonlyMap<string, string | null>;
}

export function splitStages(
  { instructions, escape }: ParsedDockerfile,
  file: string,
  args: BuildArgs,
): StagedDockerfile {
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  if (firstFrom < 0) {
    const at = { file, line: 1, instruction: 'FROM' };
    throw invalid(at, 'there is none. A Dockerfile starts a stage with FROM.');
  }
  const globalScope = new Scope(args, new Map(), escape, true);
  for (const instruction of instructions.slice(0, firstFrom)) {
    if (instruction.keyword !== 'ARG') {
      throw invalid(instruction.at, 'only ARG may stand before the first FROM.');
    }
    globalScope.declare(instruction);
  }
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructions.slice(firstFrom)) {
    if (instruction.keyword === 'FROM') {
      stages.push({ ...readFrom(instruction, globalScope, stages.length), instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return { stages, globals: globalScope.args };
}

function readFrom(from: Instruction, scope: Scope, index: number): Omit<Stage, 'instructions'> {
  const words = from.text.split(/\s+/);
  const [image = '', as, name] = words;
  const named = words.length === 3 && as?.toUpperCase() === 'AS';
  if (image === '' || (words.length !== 1 && !named)) {
    throw invalid(from.at, 'write it like "FROM image" or "FROM image AS stage".');
  }
  const base = scope.expand(from, image);
  if (base === '') throw invalid(from.at, `${image} is empty.`);
  return { name: named && name ? name.toLowerCase() : String(index), from, base };
}

/** The stage named `target`, by name or number; the last one without a target. */
export function findStage(stages: readonly Stage[], file: string, target?: string): Stage {
  const last = stages.at(-1);
  if (last && target === undefined) return last;
  const found = stages.find(
    ({ name }, index) => name === target?.toLowerCase() || String(index) === target,
  );
  if (found) return found;
  const names = stages.map(({ name }) => name).join(', ');
  throw new DockerfileError(
    'DOCKERFILE_INVALID',
    { file, line: 1, instruction: 'FROM' },
    `there is no stage "${target}". The stages are ${names}.`,
  );
}

/** Where a stage's relative paths stand in its container at its end. */
export function workdirOf(
  stage: Stage,
  { stages, globals }: StagedDockerfile,
  args: BuildArgs,
  escape: string,
): string {
  const parent = stages
    .slice(0, stages.indexOf(stage))
    .find(({ name }) => name === stage.base.toLowerCase());
  let workdir = parent ? workdirOf(parent, { stages, globals }, args, escape) : '/';
  const scope = new Scope(args, globals, escape, false);
  for (const instruction of stage.instructions) {
    if (instruction.keyword === 'ARG') scope.declare(instruction);
    if (instruction.keyword === 'ENV') scope.setEnv(instruction);
    if (instruction.keyword === 'WORKDIR') {
      workdir = path.posix.resolve(workdir, scope.expand(instruction, instruction.text));
    }
  }
  return workdir;
}
