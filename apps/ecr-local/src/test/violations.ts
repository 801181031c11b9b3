import { apiOperations, apiShapes, type Shape } from '../ecr-api/check-input';

export interface Violation {
  /** Such as `imageIds.0.imageTag has at least 1`. */
  readonly constraint: string;
  readonly input: unknown;
  readonly error: 'InvalidParameterException' | 'SerializationException';
}

/**
 * An input for each constraint of the API's model on the input of an operation, which violates that one and no other.
 * @throws Error if no value can be made that violates one
 */
export function violationsOf(operation: string): Violation[] {
  const shape = shapeOf(apiOperations[operation] ?? '');
  return violate(shape, '', (value) => value);
}

function violate(shape: Shape, path: string, place: (value: unknown) => unknown): Violation[] {
  const here = path || 'the input';
  const bad = (
    constraint: string,
    value: unknown,
    error: Violation['error'] = 'InvalidParameterException',
  ): Violation => ({ constraint: `${here} ${constraint}`, input: place(value), error });
  const wrongType = bad(
    `is a ${shape.type}`,
    shape.type === 'string' || shape.type === 'blob' ? { a: 1 } : 'text',
    'SerializationException',
  );
  switch (shape.type) {
    case 'structure': {
      const { members = {}, required = [] } = shape;
      const valid = validOf(shape) as Record<string, unknown>;
      const without = (name: string) =>
        Object.fromEntries(Object.entries(valid).filter(([key]) => key !== name));
      return [
        wrongType,
        bad('has no other members', { ...valid, noSuchMember: 1 }),
        ...required.map((name) => bad(`has ${name}`, without(name))),
        ...Object.entries(members).flatMap(([name, { shape: member }]) =>
          violate(shapeOf(member), path ? `${path}.${name}` : name, (value) =>
            place({ ...valid, [name]: value }),
          ),
        ),
      ];
    }
    case 'list': {
      const member = shapeOf(shape.member?.shape ?? '');
      const items = (count: number) => Array.from({ length: count }, () => validOf(member));
      return [
        wrongType,
        ...(shape.min ? [bad(`has at least ${shape.min}`, items(shape.min - 1))] : []),
        ...(shape.max !== undefined ? [bad(`has at most ${shape.max}`, items(shape.max + 1))] : []),
        ...violate(member, `${path}.0`, (value) => place([value])),
      ];
    }
    case 'string':
      return [wrongType, ...textViolations(shape, bad)];
    case 'integer':
    case 'long':
      return [
        wrongType,
        ...(shape.min !== undefined ? [bad(`is at least ${shape.min}`, shape.min - 1)] : []),
        ...(shape.max !== undefined ? [bad(`is at most ${shape.max}`, shape.max + 1)] : []),
      ];
    default:
      return [wrongType];
  }
}

function textViolations(
  shape: Shape,
  bad: (constraint: string, value: unknown) => Violation,
): Violation[] {
  const { min, max, pattern, enum: values } = shape;
  return [
    ...(min ? [bad(`has at least ${min} characters`, 'a'.repeat(min - 1))] : []),
    ...(max !== undefined ? [bad(`has at most ${max} characters`, 'a'.repeat(max + 1))] : []),
    ...(values ? [bad('is one of its values', 'NO_SUCH_VALUE')] : []),
    ...(pattern !== undefined ? [bad(`matches ${pattern}`, unlike(pattern, shape))] : []),
  ];
}

/** A text of a length that is allowed, which the pattern excludes. */
function unlike(pattern: string, { min = 1, max = 1000 }: Shape): string {
  const length = Math.max(min, Math.min(max, 60));
  const text = '!'.repeat(length);
  if (new RegExp(`^(?:${pattern})$`).test(text)) throw new Error(`${pattern} matches ${text}`);
  return text;
}

const account = '123456789012';

/** Values that the patterns of the model take, by the beginning of the pattern. */
const examples: readonly string[] = [
  account,
  'team/app',
  'team',
  'us-east-1',
  `arn:aws:secretsmanager:us-east-1:${account}:secret:ecr-pullthroughcache/hub`,
  `arn:aws:kms:us-east-1:${account}:key/12345678-1234-1234-1234-123456789012`,
  `arn:aws:signer:us-east-1:${account}:/signing-profiles/profile`,
  `arn:aws:iam::${account}:role/reader`,
  '12345678-1234-1234-1234-123456789012',
  `sha256:${'a'.repeat(64)}`,
];

/** A value that the API's model takes, with the required members alone. */
export function validOf(shape: Shape): unknown {
  switch (shape.type) {
    case 'structure':
      return Object.fromEntries(
        (shape.required ?? []).map((name) => [
          name,
          validOf(shapeOf(shape.members?.[name]?.shape ?? '')),
        ]),
      );
    case 'list':
      return Array.from({ length: Math.max(shape.min ?? 0, 1) }, () =>
        validOf(shapeOf(shape.member?.shape ?? '')),
      );
    case 'string':
      return validText(shape);
    case 'integer':
    case 'long':
      return shape.min ?? 1;
    case 'boolean':
      return true;
    default:
      return '';
  }
}

function validText({ enum: values, pattern, min = 0, max = Infinity }: Shape): string {
  if (values) return values[0] ?? '';
  const fits = (text: string) =>
    text.length >= min &&
    text.length <= max &&
    (pattern === undefined || new RegExp(`^(?:${pattern})$`).test(text));
  const found = [...examples, 'a'.repeat(Math.max(min, 1))].find(fits);
  if (found === undefined) throw new Error(`no example of ${pattern}`);
  return found;
}

function shapeOf(name: string): Shape {
  const shape = apiShapes[name];
  if (!shape) throw new Error(`the API's model has no shape ${name}`);
  return shape;
}
