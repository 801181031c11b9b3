import { EcrError } from '../errors/ecr-error';
import { invalidParameter } from '../registry/refusals';
import inputs from './aws-models/ecr-inputs.json';

export type ApiOperation = keyof typeof inputs.operations;

export interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly member?: Reference;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

interface Reference {
  readonly shape: string;
}

/** What ECR's API takes, as its model says: https://github.com/boto/botocore, Apache-2.0. */
export const apiShapes: Readonly<Record<string, Shape>> = inputs.shapes;
export const apiOperations: Readonly<Record<string, string>> = inputs.operations;

/** A pattern of the model that backtracks without end for a text such as `aaa…!`, and one for the same texts that does not. */
const linear: Readonly<Record<string, string>> = {
  '^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$': '^[a-z0-9*]+(?:[._\\-/][a-z0-9*]+)*$',
};

/** Compiled once: some are long. */
const patterns = new Map<string, RegExp>();

/** Refuses an input that the API's model excludes, in the words of AWS's validation. Throws InvalidParameter-, SerializationException. */
export function checkInput(operation: ApiOperation, input: unknown): void {
  check(apiShapes[inputs.operations[operation]], input, '');
}

function check(shape: Shape | undefined, value: unknown, path: string): void {
  if (!shape) throw new Error(`the API's model lacks the shape of '${path}'`);
  switch (shape.type) {
    case 'structure':
      return checkStructure(shape, value, path);
    case 'list':
      if (!Array.isArray(value)) throw wrongType(path, 'array');
      checkLength(shape, value.length, path);
      value.forEach((item, index) => check(of(shape.member), item, `${path}.${index}`));
      return;
    case 'string':
      if (typeof value !== 'string') throw wrongType(path, 'string');
      return checkText(shape, value, path);
    case 'integer':
    case 'long':
      if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(path, 'number');
      return checkRange(shape, value, path);
    case 'boolean':
      if (typeof value !== 'boolean') throw wrongType(path, 'boolean');
      return;
    case 'blob':
      // Its length is that of the bytes, which the operation decodes.
      if (typeof value !== 'string') throw wrongType(path, 'string');
      return;
    default:
      throw new Error(`the API's model has the unknown type ${shape.type}`);
  }
}

const of = (reference?: Reference): Shape | undefined => reference && apiShapes[reference.shape];

function checkStructure({ members = {}, required = [] }: Shape, value: unknown, path: string) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw wrongType(path, 'object');
  }
  const unknown = Object.keys(value).filter((name) => !Object.hasOwn(members, name));
  if (unknown.length > 0) {
    throw new EcrError(
      'InvalidParameterException',
      `Unknown parameter in ${path || 'input'}: '${unknown.join("', '")}'`,
    );
  }
  const inside = (name: string) => (path ? `${path}.${name}` : name);
  const given = new Map(Object.entries(value).filter(([, member]) => isPresent(member)));
  for (const name of required) {
    if (!given.has(name)) throw invalidParameter(inside(name), 'Member must not be null');
  }
  for (const [name, member] of given) check(of(members[name]), member, inside(name));
}

/** AWS's SDKs send neither. */
const isPresent = (value: unknown) => value !== undefined && value !== null;

/** Throws InvalidParameterException. */
export function checkText(
  { enum: values, pattern, ...shape }: Shape,
  text: string,
  path: string,
): void {
  if (values && !values.includes(text)) {
    throw invalidParameter(path, `Member must satisfy enum value set: [${values.join(', ')}]`);
  }
  checkLength(shape, text.length, path);
  if (pattern === undefined) return;
  const compiled = patterns.get(pattern) ?? new RegExp(`^(?:${linear[pattern] ?? pattern})$`);
  patterns.set(pattern, compiled);
  if (compiled.test(text)) return;
  throw invalidParameter(path, `must satisfy regular expression '${pattern}'`);
}

const checkLength = (shape: Shape, length: number, path: string) =>
  checkBounds(shape, length, path, 'length');
const checkRange = (shape: Shape, value: number, path: string) =>
  checkBounds(shape, value, path, 'value');

function checkBounds({ min, max }: Shape, measured: number, path: string, what: string): void {
  if (min !== undefined && measured < min) {
    throw invalidParameter(path, `Member must have ${what} greater than or equal to ${min}`);
  }
  if (max !== undefined && measured > max) {
    throw invalidParameter(path, `Member must have ${what} less than or equal to ${max}`);
  }
}

function wrongType(path: string, type: string): EcrError {
  const where = path === '' ? 'the request' : `'${path}'`;
  return new EcrError('SerializationException', `The value of ${where} is not of the type ${type}`);
}
