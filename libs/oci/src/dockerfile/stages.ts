import path from 'node:path';
import { DockerfileError, invalid } from './dockerfile-error';
import { type Instruction, parseDockerfile, type ParsedDockerfile } from './instruction';
import { type BuildArgs, Scope } from './scope';

export interface ReadStageOptions {
  /** For errors. @default Dockerfile */
  readonly file?: string;
  /** `--build-arg` */
  readonly args?: BuildArgs;
  /** The name or number of a stage. @default the final stage */
  readonly target?: string;
}

export interface Stage {
  /** As in `FROM ... AS name`, in lower case; otherwise the number of the stage. */
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
    throw invalid(at, 'missing. A Dockerfile starts a stage with FROM.');
  }
  const globalScope = new Scope(args, new Map(), escape, true);
  for (const instruction of instructions.slice(0, firstFrom)) {
    if (instruction.keyword !== 'ARG') {
      throw invalid(instruction.at, 'only ARG is allowed before the first FROM.');
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
    throw invalid(from.at, 'expected "FROM image" or "FROM image AS stage".');
  }
  const base = scope.expand(from, image);
  if (base === '') throw invalid(from.at, `${image} is empty.`);
  return { name: named && name ? name.toLowerCase() : String(index), from, base };
}

/** @param target the name or number of a stage. @default the final stage */
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
    `stage "${target}" does not exist. The stages are ${names}.`,
  );
}

/** The working directory at the end of a stage, which may start from another stage. */
export function workdirOf(
  stage: Stage,
  { stages, globals }: StagedDockerfile,
  args: BuildArgs,
  escape: string,
): string {
  const parent = parentOf(stage, stages);
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

export interface BaseReferences {
  /** The base image of the final stage, also if it starts from other stages. */
  readonly final: string;
  /** The base images of all stages, each once, in the order of the file. */
  readonly all: readonly string[];
}

/** The base images of a Dockerfile. Its instructions need not be supported. @throws DockerfileError */
export function baseReferences(text: string, options: ReadStageOptions = {}): BaseReferences {
  const { file = 'Dockerfile', args = {}, target } = options;
  const { stages } = splitStages(parseDockerfile(text, file), file, args);
  const isStage = (base: string) => stages.some(({ name }) => name === base.toLowerCase());
  let stage = findStage(stages, file, target);
  for (;;) {
    const parent = parentOf(stage, stages);
    if (!parent) break;
    stage = parent;
  }
  const bases = stages.map(({ base }) => base);
  const all = bases.filter((base) => !isStage(base) && base !== 'scratch');
  return { final: stage.base, all: [...new Set(all)] };
}

/** The earlier stage that a stage starts from; undefined if it starts from an image. */
function parentOf(stage: Stage, stages: readonly Stage[]): Stage | undefined {
  const earlier = stages.slice(0, stages.indexOf(stage));
  return earlier.find(({ name }) => name === stage.base.toLowerCase());
}
