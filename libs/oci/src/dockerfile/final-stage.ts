import path from 'node:path';
import { type Healthcheck } from '../manifest';
import { readCopy, type StageCopy } from './copy';
import { invalid, unsupported } from './dockerfile-error';
import { readHealthcheck } from './healthcheck';
import { commandOf, type Instruction, parseDockerfile } from './instruction';
import { Scope } from './scope';
import { findStage, type ReadStageOptions, splitStages, type Stage, workdirOf } from './stages';

export interface StageConfig {
  readonly env: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** `port/protocol` */
  readonly exposedPorts: readonly string[];
  readonly workingDir?: string;
  readonly user?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly stopSignal?: string;
  readonly healthcheck?: Healthcheck;
}

/** An instruction of the final stage, as `docker history` shows it. */
export interface StageStep {
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

export interface FinalStage {
  readonly baseReference: string;
  readonly copies: readonly StageCopy[];
  readonly config: StageConfig;
  readonly steps: readonly StageStep[];
  /** The working directory of each stage that is copied from. */
  readonly stageWorkdirs: Readonly<Record<string, string>>;
}

/**
 * The part of an image that the final stage of a Dockerfile adds to its base image.
 * @throws DockerfileError if the Dockerfile is invalid, or an instruction of that stage needs a container
 */
export function readFinalStage(text: string, options: ReadStageOptions = {}): FinalStage {
  const { file = 'Dockerfile', args = {}, target } = options;
  const parsed = parseDockerfile(text, file);
  const staged = splitStages(parsed, file, args);
  const stage = findStage(staged.stages, file, target);
  const earlier = staged.stages.slice(0, staged.stages.indexOf(stage));
  checkBase(stage, earlier);

  const reader = new StageReader(new Scope(args, staged.globals, parsed.escape, true), earlier);
  for (const instruction of stage.instructions) reader.read(instruction);

  const copiedFrom = new Set(reader.copies.map(({ fromStage }) => fromStage));
  return {
    baseReference: stage.base,
    copies: reader.copies,
    config: reader.config(),
    steps: reader.steps,
    stageWorkdirs: Object.fromEntries(
      earlier
        .filter(({ name }) => copiedFrom.has(name))
        .map((from) => [from.name, workdirOf(from, staged, args, parsed.escape)]),
    ),
  };
}

function checkBase({ from, base }: Stage, earlier: readonly Stage[]): void {
  if (earlier.some(({ name }) => name === base.toLowerCase())) {
    throw unsupported(from.at, `it starts from the stage "${base}"`);
  }
  if (base === 'scratch') throw unsupported(from.at, 'it starts from scratch');
  const [flag] = from.flags;
  if (flag) throw unsupported(from.at, `it has the flag --${flag.name}`);
}

/** Instructions that only container engines support; https://docs.docker.com/reference/dockerfile/#overview */
const FOR_ENGINES: ReadonlySet<string> = new Set([
  'ADD',
  'FROM',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'VOLUME',
]);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Reads the instructions of one stage in order. */
class StageReader {
  readonly copies: StageCopy[] = [];
  readonly steps: StageStep[] = [];
  private readonly labels = new Map<string, string>();
  private readonly ports = new Set<string>();
  private readonly rest: Mutable<Omit<StageConfig, 'env' | 'labels' | 'exposedPorts'>> = {};

  constructor(
    private readonly scope: Scope,
    private readonly earlier: readonly Stage[],
  ) {}

  config(): StageConfig {
    return {
      env: Object.fromEntries(this.scope.env),
      labels: Object.fromEntries(this.labels),
      exposedPorts: [...this.ports],
      ...this.rest,
    };
  }

  read(instruction: Instruction): void {
    const { keyword, text, at } = instruction;
    const handler = this.handlers[keyword];
    if (!handler && !FOR_ENGINES.has(keyword)) throw invalid(at, 'unknown instruction.');
    if (!handler) throw unsupported(at, 'it is in the final stage');
    if (text === '') throw invalid(at, 'it has no argument.');
    const shown = handler(instruction);
    this.steps.push({ createdBy: `${keyword} ${shown}`, emptyLayer: keyword !== 'COPY' });
  }

  /** By keyword. Each returns the argument of the instruction after substitution. */
  private readonly handlers: Readonly<Record<string, (instruction: Instruction) => string>> = {
    ARG: (instruction) => {
      this.scope.declare(instruction);
      return instruction.pairs
        .map(({ name }) => [name, this.scope.args.get(name)].filter(isString).join('='))
        .join(' ');
    },
    ENV: (instruction) => {
      const pairs = this.scope.pairs(instruction);
      this.scope.setEnv(instruction);
      return shownPairs(pairs);
    },
    LABEL: (instruction) => {
      const pairs = this.scope.pairs(instruction);
      for (const [name, value] of pairs) this.labels.set(name, value);
      return shownPairs(pairs);
    },
    EXPOSE: (instruction) => {
      const ports = instruction.text.split(/\s+/).map((word) => this.port(instruction, word));
      for (const port of ports) this.ports.add(port);
      return ports.join(' ');
    },
    WORKDIR: (instruction) => {
      const folder = this.scope.expand(instruction, instruction.text);
      return (this.rest.workingDir = path.posix.resolve(this.rest.workingDir ?? '/', folder));
    },
    COPY: (instruction) => this.copy(instruction),
    USER: (instruction) => (this.rest.user = this.scope.expand(instruction, instruction.text)),
    STOPSIGNAL: (instruction) =>
      (this.rest.stopSignal = this.scope.expand(instruction, instruction.text)),
    HEALTHCHECK: (instruction) => {
      this.rest.healthcheck = readHealthcheck(instruction);
      return [...shownFlags(instruction), instruction.text].join(' ');
    },
    CMD: ({ text }) => shownCommand((this.rest.cmd = commandOf(text))),
    ENTRYPOINT: ({ text }) => {
      // Keeps a CMD above it; imageConfig removes that of the base image.
      return shownCommand((this.rest.entrypoint = commandOf(text)));
    },
  };

  private port(instruction: Instruction, word: string): string {
    const text = this.scope.expand(instruction, word);
    const match = /^(\d{1,5})(?:\/(tcp|udp))?$/i.exec(text);
    if (!match || Number(match[1]) > 65535) {
      throw invalid(
        instruction.at,
        `invalid port "${text}". Expected, for example, 3000 or 3000/udp.`,
      );
    }
    return `${Number(match[1])}/${(match[2] ?? 'tcp').toLowerCase()}`;
  }

  private copy(instruction: Instruction): string {
    const copy = readCopy(
      instruction,
      this.scope,
      this.rest.workingDir ?? '/',
      (reference) =>
        this.earlier.find(
          ({ name }, index) => name === reference.toLowerCase() || String(index) === reference,
        )?.name,
    );
    this.copies.push(copy);
    // Without --from, since stages do not exist in the image.
    const flags = shownFlags(instruction, 'from');
    return [...flags, ...copy.sources, copy.destination].join(' ');
  }
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function shownFlags({ flags }: Instruction, ...exclude: readonly string[]): string[] {
  return flags
    .filter(({ name }) => !exclude.includes(name))
    .map(({ name, value }) => `--${name}=${value}`);
}

function shownPairs(pairs: readonly [string, string][]): string {
  return pairs.map(([name, value]) => `${name}=${value}`).join(' ');
}

function shownCommand(command: readonly string[]): string {
  return JSON.stringify(command);
}
