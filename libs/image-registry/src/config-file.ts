import { type z } from 'zod';
import { nearestName } from './nearest-name';

/** A human-readable problem of one field. `field` is empty if the problem concerns the whole file. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

type Reading<T> =
  { readonly value: T } | { readonly problems: readonly FieldProblem[]; cause?: unknown };

/** Editors on Windows write it at the start of a file; `JSON.parse` rejects it. */
const byteOrderMark = /^\uFEFF/;

/**
 * Reads the text of a JSON file by a schema whose messages each name the valid values ("a whole number from
 * 1 to 65535"). A problem names them, the value found and, for an unknown field, the nearest known one.
 */
export function readConfig<T extends z.ZodObject>(schema: T, text: string): Reading<z.infer<T>> {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(byteOrderMark, ''));
  } catch (cause) {
    return {
      problems: [{ field: '', problem: `is not JSON: ${(cause as Error).message}` }],
      cause,
    };
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => problemsOf(issue, schema, document)) };
}

/** One line a problem, under a line that names the file. */
export function describeProblems(file: string, problems: readonly FieldProblem[]): string {
  return [
    `${file} is not valid:`,
    ...problems.map(({ field, problem }) => `  - ${field ? `${field}: ` : ''}${problem}`),
  ].join('\n');
}

function problemsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodObject,
  document: unknown,
): FieldProblem[] {
  const field = issue.path.join('.');
  if (issue.code === 'invalid_key') {
    return [{ field, problem: `is not ${issue.issues.map(({ message }) => message).join(', ')}` }];
  }
  if (issue.code !== 'unrecognized_keys') {
    const found = valueAt(document, issue.path);
    const problem =
      found === undefined
        ? `is missing: it must be ${issue.message}`
        : `must be ${issue.message}, not ${shown(found)}`;
    return [{ field, problem }];
  }
  const known = fieldsAt(schema, issue.path);
  return issue.keys.map((key) => {
    const nearest = nearestName(key, known);
    return {
      field: [...issue.path, key].join('.'),
      problem: nearest
        ? `is not a known field. Did you mean "${nearest}"?`
        : `is not a known field. Known are: ${known.join(', ')}`,
    };
  });
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    document,
  );
}

function fieldsAt(schema: z.ZodObject, path: readonly PropertyKey[]): string[] {
  let current: z.core.$ZodType | undefined = schema;
  for (const key of path) {
    const { shape, element } = definitionOf(current);
    current = typeof key === 'number' ? element : shape?.[String(key)];
  }
  return Object.keys(definitionOf(current).shape ?? {});
}

interface Definition {
  readonly innerType?: z.core.$ZodType;
  /** Of an object. */
  readonly shape?: z.core.$ZodShape;
  /** Of a list. */
  readonly element?: z.core.$ZodType;
}

function definitionOf(schema: z.core.$ZodType | undefined): Definition {
  let definition = (schema?._zod.def ?? {}) as Definition;
  while (definition.innerType) definition = definition.innerType._zod.def as Definition;
  return definition;
}
