import { ServiceError } from './service-error';

/** One invalid variable. Never contains the value: it may be a secret. */
export interface ConfigProblem {
  variable: string;
  problem: string;
  /** What the variable should look like, from the schema's `.describe()`. */
  hint?: string;
}

/** Code CONFIG_INVALID; the message has one line for every bad variable. */
export class ConfigError extends ServiceError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('CONFIG_INVALID', describe(problems), { details: { problems } });
    this.problems = problems;
  }
}

function describe(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(
    ({ variable, problem, hint }) =>
      `  ${variable} ${problem}.${hint ? ` Set it to ${hint}.` : ''}`,
  );
  return ['the configuration is not valid; correct these environment variables:', ...lines].join(
    '\n',
  );
}
