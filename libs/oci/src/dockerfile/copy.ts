import path from 'node:path';
import { type DockerfileLocation, invalid, unsupported } from './dockerfile-error';
import { type ModeChange, parseMode } from './file-mode';
import { readHeredoc } from './heredoc';
import { execFormOf, type Instruction } from './instruction';
import { type Scope } from './scope';
import { type Stage } from './stages';
import { readFlags } from './words';

/** Where COPY copies from; undefined for the build context. */
export type CopyOrigin =
  | { readonly type: 'stage'; readonly stage: Stage }
  | { readonly type: 'image'; readonly reference: string };

/** COPY, or ADD of local files. */
export interface CopyStep {
  readonly type: 'copy';
  readonly at: DockerfileLocation;
  readonly origin?: CopyOrigin;
  /** Absolute in the origin; may be patterns. */
  readonly sources: readonly string[];
  /** Here-documents, which are copied like files. */
  readonly documents: readonly { readonly name: string; readonly content: string }[];
  /** Absolute in the image; ends in `/` if it is a folder. */
  readonly destination: string;
  /** `user` or `user:group`, by name or number. */
  readonly owner?: string;
  readonly mode?: ModeChange;
  /** Patterns of files that are not copied. */
  readonly exclude: readonly string[];
  /** Keeps the folders of the sources. */
  readonly parents: boolean;
  /** Extracts tar archives. */
  readonly unpack: boolean;
}

export interface CopyContext {
  readonly scope: Scope;
  readonly workdir: string;
  readonly findOrigin: (at: DockerfileLocation, from: string) => CopyOrigin;
}

const COPY = { from: 'text', parents: 'boolean' } as const;
const ADD = { 'keep-git-dir': 'boolean', checksum: 'text', unpack: 'boolean' } as const;
const BOTH = { chown: 'text', chmod: 'text', link: 'boolean', exclude: 'list' } as const;

/** https://docs.docker.com/reference/dockerfile/#copy and #add */
export function readCopy(instruction: Instruction, context: CopyContext): CopyStep {
  const { at, keyword } = instruction;
  const isAdd = keyword === 'ADD';
  const flags = readFlags(instruction, { ...BOTH, ...(isAdd ? ADD : COPY) });
  const flag = (name: string) => flags.get(name)?.[0];
  const expand = (word: string) => context.scope.expand(instruction, word);

  const words = execFormOf(instruction) ?? instruction.text.split(/[\t\v\f\r ]+/).filter(Boolean);
  const destination = words.at(-1);
  if (destination === undefined || words.length < 2) {
    throw invalid(at, 'expected at least one source and a destination.');
  }
  if (readHeredoc(destination)) throw invalid(at, 'a here-document cannot be the destination.');
  const sources = words
    .slice(0, -1)
    .filter((word) => !readHeredoc(word))
    .map(expand);
  for (const source of sources) checkLocal(at, source, isAdd);
  if (flag('checksum') !== undefined) throw invalid(at, '--checksum needs a remote source.');
  const from = flag('from');
  return {
    type: 'copy',
    at,
    origin: from === undefined ? undefined : context.findOrigin(at, from),
    sources: sources.map((source) => absoluteSource(source, flag('parents') === 'true')),
    documents: instruction.heredocs.map(({ name, content, expand: isExpanded }) => ({
      name,
      content: isExpanded ? context.scope.expandDocument(instruction, content) : content,
    })),
    destination: absoluteDestination(expand(destination), context.workdir),
    owner: flag('chown') && expand(flag('chown') ?? ''),
    mode: readMode(at, flag('chmod') && expand(flag('chmod') ?? '')),
    exclude: (flags.get('exclude') ?? []).map(expand),
    parents: flag('parents') === 'true',
    unpack: isAdd && flag('unpack') !== 'false',
  };
}

/** URLs, and repositories of Git. */
function checkLocal(at: DockerfileLocation, source: string, isAdd: boolean): void {
  const isRemote =
    /^(https?|git|ssh):\/\//.test(source) || /^(git@[\w.-]+:|github\.com\/)/.test(source);
  if (!isRemote) return;
  if (!isAdd) throw invalid(at, `${source} is remote. Use ADD, or download it before the build.`);
  throw unsupported(at, `${source} is remote`);
}

/** `/./` marks where the folders to keep begin. */
function absoluteSource(source: string, parents: boolean): string {
  const pivot = parents ? source.indexOf('/./') : -1;
  if (pivot < 0) return path.posix.resolve('/', source);
  const [base, rest] = [source.slice(0, pivot), source.slice(pivot + 3)];
  return `${path.posix.resolve('/', base)}/./${path.posix.resolve('/', rest).slice(1)}`;
}

function absoluteDestination(destination: string, workdir: string): string {
  const absolute = path.posix.resolve(workdir, destination);
  const isFolder = /(^|\/)\.?$/.test(destination);
  return isFolder && absolute !== '/' ? `${absolute}/` : absolute;
}

function readMode(at: DockerfileLocation, text: string | undefined): ModeChange | undefined {
  if (!text) return undefined;
  const mode = parseMode(text);
  if (mode) return mode;
  throw invalid(at, `invalid --chmod=${text}. Expected an octal mode like 0644, or u=rwX,go=rX.`);
}
