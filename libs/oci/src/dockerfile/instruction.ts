import {
  DockerfileParser,
  ModifiableInstruction,
  PropertyInstruction,
  type Instruction as Node,
} from 'dockerfile-ast';
import { type DockerfileLocation } from './dockerfile-error';

export interface Instruction {
  readonly keyword: string;
  readonly at: DockerfileLocation;
  /** The text after keyword and flags, with continuation lines joined. */
  readonly text: string;
  readonly flags: readonly { readonly name: string; readonly value: string }[];
  /** `name=value` pairs of ARG, ENV and LABEL; values keep their quotes and escapes. */
  readonly pairs: readonly { readonly name: string; readonly value: string | null }[];
}

export interface ParsedDockerfile {
  readonly instructions: readonly Instruction[];
  /** `\` unless a `# escape=` directive changes it. */
  readonly escape: string;
}

export function parseDockerfile(text: string, file: string): ParsedDockerfile {
  const parsed = DockerfileParser.parse(text);
  return {
    escape: parsed.getEscapeCharacter(),
    instructions: parsed.getInstructions().map((node) => toInstruction(node, file)),
  };
}

function toInstruction(node: Node, file: string): Instruction {
  const keyword = node.getKeyword();
  return {
    keyword,
    at: { file, line: node.getRange().start.line + 1, instruction: keyword },
    text: (node.getArgumentsContent() ?? '').trim(),
    flags:
      node instanceof ModifiableInstruction
        ? node.getFlags().map((flag) => ({ name: flag.getName(), value: flag.getValue() ?? '' }))
        : [],
    pairs:
      node instanceof PropertyInstruction
        ? node
            .getProperties()
            .map((pair) => ({ name: pair.getName(), value: pair.getUnescapedValue() }))
        : [],
  };
}

/** The strings of the exec form `["a", "b"]`; undefined for the shell form. */
export function execForm(text: string): string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    const strings = Array.isArray(value) && value.every((item) => typeof item === 'string');
    return strings ? (value as string[]) : undefined;
  } catch {
    return undefined;
  }
}

/** A command in the config: the exec form as written, the shell form with `/bin/sh -c`. */
export function commandOf(text: string): string[] {
  return execForm(text) ?? ['/bin/sh', '-c', text];
}
