import { readFileSync } from 'node:fs';
import path from 'node:path';

/** https://github.com/boto/botocore/blob/develop/docs/source/development/designnotes.rst describes these documents. */
interface Shape {
  readonly type: string;
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  readonly member?: Reference;
  readonly key?: Reference;
  readonly value?: Reference;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly min?: number;
  readonly max?: number;
}

interface Reference {
  readonly shape: string;
}

interface Operation {
  readonly input?: Reference;
  readonly output?: Reference;
  readonly errors?: readonly Reference[];
}

interface Model {
  readonly operations: Readonly<Record<string, Operation>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/**
 * Errors that any service may return, as far as fakes need them; no API model lists them. All five are in
 * https://docs.aws.amazon.com/lambda/latest/api/CommonErrors.html and
 * https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/common-errors.html
 */
const commonErrors = [
  'AccessDeniedException',
  'ExpiredTokenException',
  'ThrottlingException',
  'UnknownOperationException',
  'UnrecognizedClientException',
];

/** An error as the SDK throws it: named after its shape. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

/**
 * An API of AWS as its SDK knows it. Fakes of AWS pass what they get and what they answer through it, so that they cannot
 * answer what a test hopes for and AWS does not.
 */
export class AwsApiModel {
  static readonly ecr = new AwsApiModel('ecr.service-2.json');
  static readonly ecs = new AwsApiModel('ecs.service-2.json');
  static readonly codebuild = new AwsApiModel('codebuild.service-2.json');
  static readonly ssm = new AwsApiModel('ssm.service-2.json');
  static readonly lambda = new AwsApiModel('lambda.service-2.json');
  private readonly model: Model;

  private constructor(file: string) {
    this.model = JSON.parse(readFileSync(path.join(__dirname, 'aws-models', file), 'utf8'));
  }

  /** @throws Error that names each fault of a request. */
  assertInput(operation: string, value: unknown): void {
    const { input } = this.operation(operation);
    assertNone(`The input of ${operation}`, input ? this.faults(input, value, '') : []);
  }

  /** The answer itself. @throws Error that names each fault of it. */
  output<T>(operation: string, value: T): T {
    const { output } = this.operation(operation);
    assertNone(`The output of ${operation}`, output ? this.faults(output, value, '') : []);
    return value;
  }

  /** @throws Error unless the operation has an error of this name. */
  assertError(operation: string, error: unknown): void {
    const known = [
      ...(this.operation(operation).errors ?? []).map(({ shape }) => shape),
      ...commonErrors,
    ];
    const { name } = error as Error;
    if (known.includes(name)) return;
    throw new Error(`${operation} has no error ${name}. It has: ${known.join(', ')}.`);
  }

  /** The types of the members of a request, by name. */
  inputMembers(operation: string): Readonly<Record<string, string>> {
    const { input } = this.operation(operation);
    const { members = {} } = (input && this.model.shapes[input.shape]) ?? {};
    return Object.fromEntries(
      Object.entries(members).map(([name, { shape }]) => [
        name,
        this.model.shapes[shape]?.type ?? '',
      ]),
    );
  }

  /** The values of a shape. @throws Error if it has none. */
  enumOf(shape: string): readonly string[] {
    const values = this.model.shapes[shape]?.enum;
    if (!values) throw new Error(`The model has no values of ${shape}.`);
    return values;
  }

  private operation(name: string): Operation {
    const operation = this.model.operations[name];
    if (!operation) throw new Error(`The API has no operation ${name}.`);
    return operation;
  }

  private faults({ shape: name }: Reference, value: unknown, at: string): string[] {
    const shape = this.model.shapes[name];
    if (!shape) throw new Error(`The model has no shape ${name}.`);
    const here = at || name;
    switch (shape.type) {
      case 'structure':
        return isRecord(value)
          ? this.structureFaults(shape, value, here)
          : [`${here} is not an object`];
      case 'map':
        return isRecord(value) ? this.mapFaults(shape, value, here) : [`${here} is not an object`];
      case 'list':
        return Array.isArray(value)
          ? this.listFaults(shape, value, here)
          : [`${here} is not a list`];
      case 'string':
        return typeof value === 'string'
          ? textFaults(shape, value, here)
          : [`${here} is not a string`];
      case 'integer':
      case 'long':
        return Number.isInteger(value)
          ? rangeFaults(shape, value as number, here)
          : [`${here} is not a whole number`];
      case 'double':
      case 'float':
        return typeof value === 'number'
          ? rangeFaults(shape, value, here)
          : [`${here} is not a number`];
      case 'boolean':
        return typeof value === 'boolean' ? [] : [`${here} is not a boolean`];
      case 'timestamp':
        return value instanceof Date
          ? []
          : [`${here} is not a Date, which the SDK makes of a timestamp`];
      default:
        throw new Error(`The shape ${name} has the unknown type ${shape.type}.`);
    }
  }

  private structureFaults(
    { members = {}, required = [] }: Shape,
    value: Readonly<Record<string, unknown>>,
    at: string,
  ): string[] {
    const present = Object.entries(value).filter(([, each]) => each !== undefined);
    return [
      ...required
        .filter((name) => value[name] === undefined)
        .map((name) => `${at}.${name} is missing`),
      ...present.flatMap(([name, each]) => {
        const member = members[name];
        return member ? this.faults(member, each, `${at}.${name}`) : [`${at} has no ${name}`];
      }),
    ];
  }

  private mapFaults(
    { key, value: of }: Shape,
    value: Readonly<Record<string, unknown>>,
    at: string,
  ): string[] {
    return Object.entries(value).flatMap(([name, each]) => [
      ...(key ? this.faults(key, name, `the key "${name}" of ${at}`) : []),
      ...(of ? this.faults(of, each, `${at}.${name}`) : []),
    ]);
  }

  private listFaults(shape: Shape, value: readonly unknown[], at: string): string[] {
    const { member } = shape;
    return [
      ...rangeFaults(shape, value.length, `the length of ${at}`),
      ...value.flatMap((each, nth) => (member ? this.faults(member, each, `${at}[${nth}]`) : [])),
    ];
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

function textFaults(shape: Shape, value: string, at: string): string[] {
  const { enum: values, pattern } = shape;
  return [
    ...rangeFaults(shape, value.length, `the length of ${at}`),
    ...(values && !values.includes(value)
      ? [`${at} is "${value}", not one of ${values.join(', ')}`]
      : []),
    ...(pattern && !new RegExp(`^(?:${pattern})$`).test(value)
      ? [`${at} is "${value}", which does not match ${pattern}`]
      : []),
  ];
}

function rangeFaults({ min, max }: Shape, value: number, at: string): string[] {
  return [
    ...(min !== undefined && value < min ? [`${at} is ${value}, less than ${min}`] : []),
    ...(max !== undefined && value > max ? [`${at} is ${value}, more than ${max}`] : []),
  ];
}

function assertNone(what: string, faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`${what} is not what AWS has: ${faults.join('; ')}.`);
}
