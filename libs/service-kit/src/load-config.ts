import { z } from 'zod';
import { ConfigError, type ConfigProblem } from './config-error';
import { deepFreeze, type DeepReadonly } from './deep-freeze';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment once. An empty variable counts as unset, as compose files and shells write it.
 *
 * @returns the schema's output, deeply frozen
 * @throws ConfigError that names every bad variable, never a value
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
