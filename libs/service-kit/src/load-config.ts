import { z } from 'zod';
import { deepFreeze, type DeepReadonly } from './deep-freeze';
import { ServiceError } from './service-error';

export type Environment = Readonly<Record<string, string | undefined>>;

/** One invalid variable. Never contains the value: it may be a secret. */
interface ConfigProblem {
  variable: string;
  problem: string;
  /** The expected value, from the schema's `.describe()`. */
  hint?: string;
}

/** Code `CONFIG_INVALID`; the message has one line for each invalid variable. */
export class ConfigError extends ServiceError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super('CONFIG_INVALID', describeProblems(problems), { details: { problems } });
    this.problems = problems;
  }
}

function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(
    ({ variable, problem, hint }) =>
      `  ${variable} ${problem}.${hint ? ` Set it to ${hint}.` : ''}`,
  );
  return ['the configuration is not valid; correct these environment variables:', ...lines].join(
    '\n',
  );
}

/**
 * Parses the environment once. An empty variable counts as not set, because compose files and shells write it so.
 *
 * @returns the schema's output, deeply frozen
 * @throws ConfigError that names all invalid variables, but no values
 */
export function loadConfig<S extends z.ZodType>(
  schema: S,
  env: Environment,
): DeepReadonly<z.output<S>> {
  const set = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''),
  );
  const result = schema.safeParse(set);
  if (!result.success) throw new ConfigError(problemsOf(schema, result.error, set));
  return deepFreeze(result.data);
}

function problemsOf(
  schema: z.ZodType,
  error: z.ZodError,
  env: Environment,
): readonly ConfigProblem[] {
  const problems = new Map<string, string[]>();
  for (const issue of error.issues) {
    const variable = String(issue.path[0] ?? 'configuration');
    const missing = issue.path.length > 0 && env[variable] === undefined;
    const texts = problems.get(variable) ?? [];
    problems.set(variable, [...texts, missing ? 'is not set' : lowerFirst(issue.message)]);
  }
  return [...problems].map(([variable, texts]) => {
    const hint = hintOf(schema, variable);
    return { variable, problem: texts.join(', '), ...(hint && { hint }) };
  });
}

function hintOf(schema: z.ZodType, variable: string): string | undefined {
  return schema instanceof z.ZodObject
    ? (schema.shape as Record<string, z.ZodType>)[variable]?.description
    : undefined;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
