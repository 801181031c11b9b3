import { invalid } from './dockerfile-error';
import { expand, ExpansionError, MissingVariable } from './expand';
import { type Instruction } from './instruction';

export type BuildArgs = Readonly<Record<string, string>>;

/** The variables of a stage; https://docs.docker.com/reference/dockerfile/#scope */
export class Scope {
  private readonly declaredArgs = new Map<string, string | null>();
  readonly env = new Map<string, string>();

  constructor(
    private readonly buildArgs: BuildArgs,
    private readonly globals: ReadonlyMap<string, string | null>,
    private readonly escape: string,
    /** Whether an undeclared variable is an error. The base image, which is not known here, may declare it. */
    private readonly strict: boolean,
  ) {}

  get args(): ReadonlyMap<string, string | null> {
    return this.declaredArgs;
  }

  /** ARG: the caller's value, else the default, else the global of that name. */
  declare(instruction: Instruction): void {
    for (const { name, value } of instruction.pairs) {
      const chosen =
        this.buildArgs[name] ??
        (value === null ? this.globals.get(name) : this.expand(instruction, value));
      this.declaredArgs.set(name, chosen ?? null);
    }
  }

  /** ENV: all values of one instruction are expanded with the variables before it. */
  setEnv(instruction: Instruction): void {
    for (const [name, value] of this.pairs(instruction)) this.env.set(name, value);
  }

  pairs(instruction: Instruction): [name: string, value: string][] {
    return instruction.pairs.map(({ name, value }) => [
      this.expand(instruction, name),
      this.expand(instruction, value ?? ''),
    ]);
  }

  expand(instruction: Instruction, word: string): string {
    try {
      return expand(word, (name) => this.lookup(name), this.escape);
    } catch (error) {
      if (error instanceof MissingVariable) {
        const { variable, declared } = error;
        const problem = declared
          ? `${variable} has no value. Pass it as a build argument.`
          : `${variable} is not declared. Add "ARG ${variable}" to this stage, above this line.`;
        throw invalid(instruction.at, problem, error);
      }
      if (error instanceof ExpansionError) throw invalid(instruction.at, error.message, error);
      throw error;
    }
  }

  private lookup(name: string): string | null | undefined {
    const value = this.env.get(name) ?? this.declaredArgs.get(name);
    return this.strict ? value : (value ?? '');
  }
}
