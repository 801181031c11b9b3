import { type DockerfileLocation, invalid } from './dockerfile-error';
import { type Instruction } from './instruction';
import { ExpansionError, Lexer } from './lexer';
import { declarations } from './words';

export type BuildArgs = Readonly<Record<string, string>>;

/** The variables of a stage; https://docs.docker.com/reference/dockerfile/#scope */
export class Scope {
  private readonly variables: Map<string, string>;

  constructor(
    private readonly buildArgs: BuildArgs,
    private readonly globals: ReadonlyMap<string, string>,
    variables: Iterable<readonly [string, string]> = [],
  ) {
    this.variables = new Map(variables);
  }

  get all(): ReadonlyMap<string, string> {
    return this.variables;
  }

  set(name: string, value: string): void {
    this.variables.set(name, value);
  }

  /**
   * ARG: the caller's value, else the default, else the global of that name. Like ENV it replaces an earlier value.
   *
   * @returns the declarations with their values, as the history shows them
   */
  declare(instruction: Instruction): string {
    const shown = declarations(instruction).map(({ name, value }) => {
      const chosen =
        this.buildArgs[name] ??
        (value === undefined ? this.globals.get(name) : this.expand(instruction, value));
      if (chosen === undefined) return name;
      this.variables.set(name, chosen);
      return `${name}=${chosen}`;
    });
    return shown.join(' ');
  }

  expand({ at, escape }: Pick<Instruction, 'at' | 'escape'>, word: string): string {
    return explained(at, () => Lexer.word(word, (name) => this.variables.get(name), escape));
  }

  expandWords({ at, escape }: Pick<Instruction, 'at' | 'escape'>, text: string): string[] {
    return explained(at, () => Lexer.words(text, (name) => this.variables.get(name), escape));
  }

  expandDocument({ at }: Pick<Instruction, 'at'>, text: string): string {
    return explained(at, () => Lexer.document(text, (name) => this.variables.get(name)));
  }
}

function explained<T>(at: DockerfileLocation, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof ExpansionError) throw invalid(at, `${error.message}.`, error);
    throw error;
  }
}
