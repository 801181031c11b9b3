import { type z } from 'zod';
import { ImageRegistryError } from './errors';
import { nearestName } from './nearest-name';

/** A human-readable problem of one field. `field` is empty if the problem concerns the whole file. */
interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** One line a problem, under a line that names the file. */
export abstract class InvalidConfigError extends ImageRegistryError {
  constructor(
    readonly file: string,
    readonly problems: readonly FieldProblem[],
    options?: ErrorOptions,
  ) {
    const lines = problems.map(
      ({ field, problem }) => `  - ${field ? `${field}: ` : ''}${problem}`,
    );
    super([`${file} is not valid:`, ...lines].join('\n'), options);
  }
}

/** Editors on Windows write it at the start of a file; `JSON.parse` rejects it. */
const byteOrderMark = /^\uFEFF/;

/**
 * Reads the text of a JSON file by a schema whose messages each name the valid values ("a whole number from
 * 1 to 65535"). A problem names them, the value found and, for an unknown field, the nearest known one.
 *
 * @throws InvalidConfigError of the given class
 */
export function readConfig<T extends z.ZodObject>(
  schema: T,
  text: string,
  file: string,
  Invalid: new (...args: ConstructorParameters<typeof InvalidConfigError>) => InvalidConfigError,
): z.infer<T> {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(byteOrderMark, ''));
  } catch (cause) {
    const problem = `is not JSON: ${(cause as Error).message}`;
    throw new Invalid(file, [{ field: '', problem }], { cause });
  }
  const parsed = schema.safeParse(document);
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  throw new Invalid(
    file,
    issues.flatMap((issue) => problemsOf(issue, schema, document)),
  );
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
