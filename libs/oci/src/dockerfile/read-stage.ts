import path from 'node:path';
import { type RunConfig } from '../manifest';
import { type CopyOrigin, type CopyStep, readCopy } from './copy';
import { type DockerfileLocation, invalid, unsupported } from './dockerfile-error';
import { readHealthcheck } from './healthcheck';
import { execFormOf, type Instruction, parseTrigger } from './instruction';
import { exposedPorts } from './ports';
import { Scope } from './scope';
import { type Stage, type StagedDockerfile, stageOf } from './stages';
import { isSignal } from './stop-signal';
import { namedValues, readFlags } from './words';

/** WORKDIR creates its folder, which the user of the stage owns. */
export interface WorkdirStep {
  readonly type: 'workdir';
  readonly at: DockerfileLocation;
  readonly folder: string;
  readonly owner?: string;
}

/** An instruction of a stage, as `docker history` shows it. */
export interface StageStep {
  readonly createdBy: string;
  /** What it changes in the file system. */
  readonly files?: CopyStep | WorkdirStep;
}

/** The state of a stage before its first or after its last instruction. */
export interface StageState {
  readonly config: RunConfig;
  readonly author?: string;
  readonly variables: ReadonlyMap<string, string>;
}

export interface ReadStage extends StageState {
  readonly steps: readonly StageStep[];
}

const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEFAULT_SHELL = ['/bin/sh', '-c'];

/** The state in which a stage starts from an image. BuildKit makes sure that PATH is set. */
export function stateOf(config: RunConfig, author?: string): StageState {
  const pairs = (config.Env ?? []).map((pair) => splitPair(pair));
  const hasPath = pairs.some(([name]) => name === 'PATH');
  if (!hasPath) pairs.push(['PATH', DEFAULT_PATH]);
  const Env = hasPath ? config.Env : [...(config.Env ?? []), `PATH=${DEFAULT_PATH}`];
  return { config: { ...config, Env }, author, variables: new Map(pairs) };
}

/**
 * Executes the instructions of a stage, as far as they do not concern files.
 * @throws DockerfileError if an instruction is invalid or needs a container
 */
export function readStage(
  stage: Stage,
  before: StageState,
  dockerfile: StagedDockerfile,
): ReadStage {
  const reader = new StageReader(stage, before, dockerfile);
  for (const trigger of before.config.OnBuild ?? []) {
    reader.read(parseTrigger(trigger, stage.from.at));
  }
  for (const instruction of stage.instructions) reader.read(instruction);
  return reader.result();
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

class StageReader {
  private readonly steps: StageStep[] = [];
  private readonly scope: Scope;
  private readonly config: Mutable<RunConfig>;
  private author: string | undefined;
  private hasCommand = false;

  constructor(
    private readonly stage: Stage,
    before: StageState,
    private readonly dockerfile: StagedDockerfile,
  ) {
    this.scope = new Scope(dockerfile.args, dockerfile.globals, before.variables);
    // Triggers are executed by the image that is based on theirs, not by those based on it.
    this.config = { ...before.config, OnBuild: [] };
    this.author = before.author;
  }

  result(): ReadStage {
    const { steps, author, config } = this;
    return { config, author, steps, variables: this.scope.all };
  }

  read(instruction: Instruction): void {
    const { keyword, at, flags } = instruction;
    const handler = this.handlers[keyword];
    if (keyword === 'RUN') throw unsupported(at, 'it is in the final stage');
    if (!handler) throw invalid(at, 'unknown instruction.');
    if (!WITH_FLAGS.has(keyword)) readFlags({ at, flags }, {});
    const { shown, files } = handler(instruction);
    this.steps.push({ createdBy: `${keyword} ${shown}`, files });
  }

  private readonly handlers: Readonly<Record<string, (instruction: Instruction) => Executed>> = {
    ARG: (instruction) => ({ shown: this.scope.declare(instruction) }),
    ENV: (instruction) => {
      const pairs = this.pairs(instruction);
      for (const [name, value] of pairs) {
        this.scope.set(name, value);
        this.config.Env = withVariable(this.config.Env ?? [], name, value);
      }
      return { shown: shownPairs(pairs) };
    },
    LABEL: (instruction) => {
      const pairs = this.pairs(instruction);
      this.config.Labels = { ...this.config.Labels, ...Object.fromEntries(pairs) };
      return { shown: shownPairs(pairs) };
    },
    EXPOSE: (instruction) => {
      const words = argument(instruction).split(/[\t\v\f\r ]+/);
      const ports = words
        .flatMap((word) => this.scope.expandWords(instruction, word))
        .flatMap((word) => exposedPorts(instruction.at, word));
      this.config.ExposedPorts = { ...this.config.ExposedPorts, ...emptyObjects(ports) };
      return { shown: ports.join(' ') };
    },
    VOLUME: (instruction) => {
      const words = execFormOf(instruction) ?? argument(instruction).split(/[\t\v\f\r ]+/);
      const volumes = words.map((word) => this.scope.expand(instruction, word.trim()));
      if (volumes.length === 0 || volumes.includes('')) {
        throw invalid(instruction.at, 'a volume has no path.');
      }
      this.config.Volumes = { ...this.config.Volumes, ...emptyObjects(volumes) };
      return { shown: volumes.join(' ') };
    },
    WORKDIR: (instruction) => {
      const written = this.scope.expand(instruction, argument(instruction));
      const folder = path.posix.resolve('/', this.config.WorkingDir ?? '', written);
      // BuildKit keeps an absolute path as it is written.
      if (written !== '') this.config.WorkingDir = written.startsWith('/') ? written : folder;
      this.config.WorkingDir ||= folder;
      const owner = this.config.User || undefined;
      const files = { type: 'workdir', at: instruction.at, folder, owner } as const;
      return { shown: folder, files: folder === '/' ? undefined : files };
    },
    USER: (instruction) => {
      this.config.User = this.scope.expand(instruction, argument(instruction));
      return { shown: this.config.User };
    },
    STOPSIGNAL: (instruction) => {
      const signal = this.scope.expand(instruction, argument(instruction));
      if (!isSignal(signal)) throw invalid(instruction.at, `unknown signal "${signal}".`);
      this.config.StopSignal = signal;
      return { shown: signal };
    },
    MAINTAINER: (instruction) => ({ shown: (this.author = argument(instruction)) }),
    SHELL: (instruction) => {
      const shell = execFormOf(instruction);
      if (!shell?.length)
        throw invalid(instruction.at, 'expected an array: SHELL ["/bin/sh", "-c"].');
      this.config.Shell = shell;
      return { shown: JSON.stringify(shell) };
    },
    ONBUILD: (instruction) => {
      const trigger = readTrigger(instruction);
      this.config.OnBuild = [...(this.config.OnBuild ?? []), trigger];
      return { shown: trigger };
    },
    HEALTHCHECK: (instruction) => {
      this.config.Healthcheck = readHealthcheck(instruction);
      return { shown: [...shownFlags(instruction), instruction.text].join(' ') };
    },
    CMD: (instruction) => {
      this.hasCommand = true;
      this.config.Cmd = this.command(instruction);
      return { shown: JSON.stringify(this.config.Cmd) };
    },
    ENTRYPOINT: (instruction) => {
      this.config.Entrypoint = this.command(instruction);
      // The CMD of the base image belongs to its ENTRYPOINT.
      if (!this.hasCommand) this.config.Cmd = undefined;
      return { shown: JSON.stringify(this.config.Entrypoint) };
    },
    COPY: (instruction) => this.copy(instruction),
    ADD: (instruction) => this.copy(instruction),
  };

  private pairs(instruction: Instruction): [name: string, value: string][] {
    return namedValues(instruction).map(([name, value]) => [
      this.scope.expand(instruction, name),
      this.scope.expand(instruction, value),
    ]);
  }

  private command(instruction: Instruction): string[] {
    const exec = execFormOf(instruction);
    if (exec) return exec;
    const shell = this.config.Shell?.length ? this.config.Shell : DEFAULT_SHELL;
    return [...shell, instruction.text];
  }

  private copy(instruction: Instruction): Executed {
    const files = readCopy(instruction, {
      scope: this.scope,
      workdir: path.posix.resolve('/', this.config.WorkingDir ?? ''),
      findOrigin: (at, from) => this.origin(at, from),
    });
    // Without --from, since stages do not exist in the image.
    const shown = [
      ...shownFlags(instruction, 'from'),
      ...files.sources,
      ...files.documents.map(({ name }) => `<<${name}`),
      files.destination,
    ];
    return { shown: shown.join(' '), files };
  }

  private origin(at: DockerfileLocation, from: string): CopyOrigin {
    if (from.includes('$')) {
      throw invalid(at, '--from cannot contain variables. Declare a stage with FROM.');
    }
    const { stages } = this.dockerfile;
    const own = stages.indexOf(this.stage);
    const stage = stageOf(stages.slice(0, own), from);
    if (stage) return { type: 'stage', stage };
    const later = stageOf(stages, from);
    if (later || /^\d+$/.test(from)) throw invalid(at, `--from=${from} is not an earlier stage.`);
    return { type: 'image', reference: from };
  }
}

interface Executed {
  /** The argument of the instruction after substitution. */
  readonly shown: string;
  readonly files?: CopyStep | WorkdirStep;
}

const WITH_FLAGS: ReadonlySet<string> = new Set(['ADD', 'COPY', 'HEALTHCHECK']);

function argument({ text, at }: Instruction): string {
  if (text === '') throw invalid(at, 'it has no argument.');
  return text;
}

function readTrigger({ line, text, heredocs, at }: Instruction): string {
  const [keyword = ''] = /^\S*/.exec(text) ?? [];
  if (['', 'ONBUILD', 'FROM', 'MAINTAINER'].includes(keyword.toUpperCase())) {
    throw invalid(at, 'expected an instruction other than ONBUILD, FROM and MAINTAINER.');
  }
  const trigger = line.replace(/^ONBUILD\s*/i, '');
  return [trigger, ...heredocs.map(({ name, content }) => `${content}${name}`)].join('\n');
}

function splitPair(pair: string): [name: string, value: string] {
  const equals = pair.indexOf('=');
  return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
}

function withVariable(pairs: readonly string[], name: string, value: string): string[] {
  const index = pairs.findIndex((pair) => splitPair(pair)[0] === name);
  return index < 0 ? [...pairs, `${name}=${value}`] : pairs.with(index, `${name}=${value}`);
}

function emptyObjects(names: readonly string[]): Record<string, object> {
  return Object.fromEntries(names.map((name) => [name, {}]));
}

function shownFlags({ flags }: Instruction, ...exclude: readonly string[]): string[] {
  return flags
    .filter(({ name }) => !exclude.includes(name))
    .map(({ name, value }) => (value === undefined ? `--${name}` : `--${name}=${value}`));
}

function shownPairs(pairs: readonly [string, string][]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ');
}
