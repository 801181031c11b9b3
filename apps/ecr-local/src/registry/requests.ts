import { isRepositoryName, isTag } from '@typerush/image-registry';
import { z } from 'zod';
import { EcrError } from '../errors/ecr-error';
import { invalidParameter } from './refusals';

/** ECR's own message for an invalid name. */
const nameConstraint =
  "must satisfy regular expression '(?:[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*/)*[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*'";

export const registryIdField = z
  .string()
  .regex(/^[0-9]{12}$/, "must satisfy regular expression '[0-9]{12}'")
  .optional();

export const repositoryNameField = z
  .string()
  .min(2)
  .max(256)
  .refine(isRepositoryName, nameConstraint);

export const imageTagField = z
  .string()
  .refine(isTag, "must satisfy regular expression '[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}'");

/** The fields of every operation on one repository. */
export const inRepository = {
  registryId: registryIdField,
  repositoryName: repositoryNameField,
};

export const pageFields = {
  nextToken: z.string().optional(),
  maxResults: z.int().min(1).max(1000).optional(),
};

/** A request's identifier may be empty or wrong: the operations answer that themselves, per identifier. */
export const imageIdField = z.strictObject({
  imageDigest: z.string().optional(),
  imageTag: z.string().min(1).max(300).optional(),
});

/** Batches of ECR hold at most a hundred. */
export const batchOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(100);

export const exclusionFiltersField = z
  .array(
    z.strictObject({
      filterType: z.literal('WILDCARD'),
      filter: z
        .string()
        .regex(
          /^[0-9a-zA-Z._*-]{1,128}$/,
          "must satisfy regular expression '^[0-9a-zA-Z._*-]{1,128}$'",
        ),
    }),
  )
  .min(1)
  .max(5)
  .optional();

/** Refuses what botocore refuses before it sends: an unknown, a missing or a malformed parameter. */
export function parseRequest<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  if (!issue) throw new EcrError('ServerException', 'A request was refused without a reason.');
  throw refusalOf(issue, input);
}

function refusalOf(issue: z.core.$ZodIssue, input: unknown): EcrError {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const where = path || 'input';
    return new EcrError(
      'InvalidParameterException',
      `Unknown parameter in ${where}: '${issue.keys.join("', '")}'`,
    );
  }
  if (issue.code === 'invalid_type' && valueAt(input, issue.path) !== undefined) {
    const where = path === '' ? 'the request' : `'${path}'`;
    return new EcrError(
      'SerializationException',
      `The value of ${where} is not of the type ${issue.expected}`,
    );
  }
  return invalidParameter(path, constraintOf(issue));
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );

/** A constraint in the words of AWS's validation. A message of the schemas is in such words already. */
export function constraintOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return 'Member must not be null';
    case 'invalid_value':
      return `Member must satisfy enum value set: [${issue.values.join(', ')}]`;
    case 'too_small':
      return `Member must have ${measureOf(issue.origin)} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measureOf(issue.origin)} less than or equal to ${issue.maximum}`;
    default:
      return issue.message;
  }
}

const measureOf = (origin: string): string =>
  ['number', 'int', 'bigint'].includes(origin) ? 'value' : 'length';

/** An operation that checks its request itself, so that every transport may hand it what came in. */
export const operation =
  <S extends z.ZodType, R>(schema: S, run: (request: z.output<S>) => Promise<R> | R) =>
  async (input: unknown): Promise<R> =>
    run(parseRequest(schema, input));
