import { parsePlatform, type Platform } from '../platform';
import { DockerfileError, invalid, unsupported } from './dockerfile-error';
import { type Instruction, parseDockerfile } from './instruction';
import { type BuildPlatforms, platformArgs } from './platform-args';
import { type BuildArgs, Scope } from './scope';
import { readFlags } from './words';

export interface ReadStageOptions {
  /** For errors. @default Dockerfile */
  readonly file?: string;
  /** `--build-arg` */
  readonly args?: BuildArgs;
  /** The name or number of a stage. @default the final stage */
  readonly target?: string;
  /** @default linux/amd64 for both */
  readonly platforms?: BuildPlatforms;
}

export interface Stage {
  /** As in `FROM ... AS name`, in lower case; otherwise the number of the stage. */
  readonly name: string;
  readonly from: Instruction;
  /** The image or the stage that it starts from. */
  readonly base: string;
  /** The earlier stage that it starts from. */
  readonly parent?: Stage;
  /** As in `FROM --platform`. */
  readonly platform?: Platform;
  readonly instructions: readonly Instruction[];
}

export interface StagedDockerfile {
  readonly stages: readonly Stage[];
  readonly globals: ReadonlyMap<string, string>;
  readonly args: BuildArgs;
}

const AMD64 = { os: 'linux', architecture: 'amd64' };

/** The stages of a Dockerfile. Their instructions are not checked. @throws DockerfileError */
export function splitStages(text: string, options: ReadStageOptions = {}): StagedDockerfile {
  const { file = 'Dockerfile', args = {}, platforms = { target: AMD64, build: AMD64 } } = options;
  const { instructions, syntax } = parseDockerfile(text, file);
  checkSyntax(file, syntax);
  const firstFrom = instructions.findIndex(({ keyword }) => keyword === 'FROM');
  if (firstFrom < 0) {
    const at = { file, line: 1, instruction: 'FROM' };
    throw invalid(at, 'missing. A Dockerfile starts a stage with FROM.');
  }
  const automatic = new Map([
    ...platformArgs(platforms),
    ['TARGETSTAGE', options.target ?? 'default'],
  ]);
  const global = new Scope(args, automatic, automatic);
  for (const instruction of instructions.slice(0, firstFrom)) {
    if (instruction.keyword !== 'ARG') {
      throw invalid(instruction.at, 'only ARG is allowed before the first FROM.');
    }
    global.declare(instruction);
  }
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const instruction of instructions.slice(firstFrom)) {
    if (instruction.keyword === 'FROM') {
      stages.push({ ...readFrom(instruction, global, stages), instructions: [] });
    } else {
      stages.at(-1)?.instructions.push(instruction);
    }
  }
  return { stages, globals: global.all, args };
}

/** The syntax of Docker's own frontend is the one that we read. */
function checkSyntax(file: string, syntax = 'docker/dockerfile'): void {
  if (/^(docker\.io\/)?docker\/dockerfile(-upstream)?(:[\w.-]+)?(@sha256:[0-9a-f]+)?$/.test(syntax))
    return;
  throw unsupported({ file, line: 1, instruction: '# syntax' }, `${syntax} is another frontend`);
}

function readFrom(
  from: Instruction,
  scope: Scope,
  earlier: readonly Stage[],
): Omit<Stage, 'instructions'> {
  const [image = '', as, name = '', ...others] = from.text.split(/[\t\v\f\r ]+/);
  const isNamed = as?.toUpperCase() === 'AS' && name !== '' && others.length === 0;
  if (image === '' || (as !== undefined && !isNamed)) {
    throw invalid(from.at, 'expected "FROM image" or "FROM image AS stage".');
  }
  const stageName = name.toLowerCase();
  if (isNamed && !/^[a-z][a-z0-9-_.]*$/.test(stageName)) {
    throw invalid(
      from.at,
      `invalid name "${name}" of a stage. Expected a letter, then letters, digits, "-", "_" and ".".`,
    );
  }
  const base = scope.expand(from, image);
  if (base === '') throw invalid(from.at, `${image} is empty.`);
  return {
    name: isNamed ? stageName : String(earlier.length),
    from,
    base,
    parent: earlier.findLast((stage) => stage.name === base.toLowerCase()),
    platform: readPlatform(from, scope),
  };
}

function readPlatform(from: Instruction, scope: Scope): Platform | undefined {
  const [text] = readFlags(from, { platform: 'text' }).get('platform') ?? [];
  if (text === undefined) return undefined;
  const expanded = scope.expand(from, text);
  try {
    return parsePlatform(expanded);
  } catch (cause) {
    throw invalid(
      from.at,
      `invalid platform "${expanded}". Expected, for example, linux/amd64.`,
      cause,
    );
  }
}

/** @param target the name or number of a stage. @default the final stage */
export function findStage(stages: readonly Stage[], file = 'Dockerfile', target?: string): Stage {
  const last = stages.at(-1);
  if (last && target === undefined) return last;
  const found = target === undefined ? undefined : stageOf(stages, target);
  if (found) return found;
  const names = stages.map(({ name }) => name).join(', ');
  throw new DockerfileError(
    'DOCKERFILE_INVALID',
    { file, line: 1, instruction: 'FROM' },
    `stage "${target}" does not exist. The stages are ${names}.`,
  );
}

/** The stage of this name or number; the last one of several with one name. */
export function stageOf(stages: readonly Stage[], reference: string): Stage | undefined {
  if (/^\d+$/.test(reference)) return stages[Number(reference)];
  return stages.findLast(({ name }) => name === reference.toLowerCase());
}

export interface BaseReferences {
  /** The base image of the final stage, also if it starts from other stages. */
  readonly final: string;
  /** The base images of all stages, each once, in the order of the file. */
  readonly all: readonly string[];
}

/** The base images of a Dockerfile. Its instructions need not be supported. @throws DockerfileError */
export function baseReferences(text: string, options: ReadStageOptions = {}): BaseReferences {
  const { stages } = splitStages(text, options);
  const images = stages.filter(({ parent, base }) => !parent && base !== 'scratch');
  const { base } = rootOf(findStage(stages, options.file, options.target));
  return { final: base, all: [...new Set(images.map((stage) => stage.base))] };
}

/** The stage whose base is an image, which this stage starts from directly or through others. */
export function rootOf(stage: Stage): Stage {
  return stage.parent ? rootOf(stage.parent) : stage;
}
