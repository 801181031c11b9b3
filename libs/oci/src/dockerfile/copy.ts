import path from 'node:path';
import { invalid, unsupported } from './dockerfile-error';
import { execForm, type Instruction } from './instruction';
import { type Scope } from './scope';

export interface StageCopy {
  readonly fromStage: string;
  /** Absolute in the stage's file system. */
  readonly sources: readonly string[];
  /** Absolute in the image; ends in `/` if it is a folder. */
  readonly destination: string;
  readonly owner?: { readonly uid: number; readonly gid: number };
  readonly chmod?: number;
  readonly line: number;
}

/** COPY --from=<stage>; https://docs.docker.com/reference/dockerfile/#copy */
export function readCopy(
  instruction: Instruction,
  scope: Scope,
  workdir: string,
  stageName: (reference: string) => string | undefined,
): StageCopy {
  const { at } = instruction;
  const flags = new Map(
    instruction.flags.map(({ name, value }) => [name, scope.expand(instruction, value)]),
  );
  for (const name of flags.keys()) {
    if (!['from', 'chown', 'chmod'].includes(name)) {
      throw unsupported(at, `it has the flag --${name}`);
    }
  }
  const from = flags.get('from');
  if (from === undefined) throw unsupported(at, 'it copies from the build context');
  const fromStage = stageName(from);
  if (fromStage === undefined) throw unsupported(at, `"${from}" is an image, not an earlier stage`);

  const words = (execForm(instruction.text) ?? instruction.text.split(/\s+/)).map((word) =>
    scope.expand(instruction, word),
  );
  const destination = words.pop();
  if (destination === undefined || words.length === 0) {
    throw invalid(at, 'expected at least one source and a destination.');
  }
  return {
    fromStage,
    sources: words.map((word) => absoluteSource(instruction, word)),
    destination: absoluteDestination(instruction, destination, workdir, words.length > 1),
    owner: readOwner(instruction, flags.get('chown')),
    chmod: readMode(instruction, flags.get('chmod')),
    line: at.line,
  };
}

function absoluteSource({ at }: Instruction, source: string): string {
  if (/[*?[]/.test(source)) throw unsupported(at, `its source "${source}" is a pattern`);
  return path.posix.resolve('/', source);
}

function absoluteDestination(
  { at }: Instruction,
  destination: string,
  workdir: string,
  many: boolean,
): string {
  const folder = /(^|\/)\.{0,2}$/.test(destination);
  if (many && !folder) {
    throw invalid(at, 'with more than one source its destination must end in "/".');
  }
  const absolute = path.posix.resolve(workdir, destination);
  return folder && absolute !== '/' ? `${absolute}/` : absolute;
}

function readOwner({ at }: Instruction, text: string | undefined): StageCopy['owner'] {
  if (text === undefined) return undefined;
  const match = /^(\d+)(?::(\d+))?$/.exec(text);
  if (!match)
    throw unsupported(at, `--chown=${text} refers to users of the base image instead of numbers`);
  return { uid: Number(match[1]), gid: Number(match[2] ?? match[1]) };
}

function readMode({ at }: Instruction, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^0?[0-7]{3}$/.test(text))
    throw unsupported(at, `--chmod=${text} is not an octal mode like 0644`);
  return parseInt(text, 8);
}
