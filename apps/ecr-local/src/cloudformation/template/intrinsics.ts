import { type Scope } from './scope';
import { templateError } from '../cloudformation-error';
import { hasPending, isObject, type Json, Pending, type Value } from './value';

/** Evaluates an argument of a function. */
export type Evaluate = (value: Json) => Value;
type Intrinsic = (argument: Json, scope: Scope, evaluate: Evaluate) => Value;

/** Functions over plain values. They see no pending argument: the result is pending then. */
const pure: Record<string, (argument: Value, scope: Scope) => Value> = {
  'Fn::Join': join,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::FindInMap': findInMap,
  'Fn::ImportValue': importValue,
  'Fn::GetStackOutput': getStackOutput,
  'Fn::GetAZs': availabilityZones,
  'Fn::Base64': (argument) => {
    const text = scalar('Fn::Base64', argument);
    requireShort('Fn::Base64', Math.ceil(Buffer.byteLength(text) / 3) * 4);
    return Buffer.from(text).toString('base64');
  },
};

/**
 * The functions that are emulated, but for references and `Fn::If`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export const intrinsics: Readonly<Record<string, Intrinsic>> = Object.fromEntries(
  Object.entries(pure).map(([name, run]): [string, Intrinsic] => [
    name,
    (argument, scope, evaluate) => {
      const evaluated = evaluate(argument);
      return hasPending(evaluated) ? new Pending(name) : run(evaluated, scope);
    },
  ]),
);

function scalar(name: string, value: Value | undefined): string {
  if (value === undefined || value === null || typeof value === 'object') {
    throw templateError(`${name} needs text but got ${JSON.stringify(value) ?? 'nothing'}`);
  }
  return String(value);
}

/** More than five times the largest template. Functions in functions could multiply a text without end. */
const longestText = 256 * 1024;

export function requireShort(name: string, length: number): void {
  if (length <= longestText) return;
  throw templateError(`the result of ${name} has more than ${longestText} characters`);
}

function pair(name: string, argument: Value): [Value, Value] {
  if (!Array.isArray(argument) || argument.length !== 2) {
    throw templateError(`every ${name} object requires two parameters`);
  }
  return argument as [Value, Value];
}

function join(argument: Value): Value {
  const [delimiter, items] = pair('Fn::Join', argument);
  if (!Array.isArray(items)) throw templateError('the second parameter of Fn::Join must be a list');
  const texts = items.map((item: Value) => scalar('Fn::Join', item));
  const between = scalar('Fn::Join', delimiter);
  requireShort(
    'Fn::Join',
    texts.reduce((sum, text) => sum + text.length, between.length * Math.max(0, texts.length - 1)),
  );
  return texts.join(between);
}

function select(argument: Value): Value {
  const [index, items] = pair('Fn::Select', argument);
  if (!Array.isArray(items))
    throw templateError('the second parameter of Fn::Select must be a list');
  const item = items[Number(index)] as Value | undefined;
  if (item === undefined || item === null) {
    throw templateError(`Fn::Select cannot select nonexistent value at index ${String(index)}`);
  }
  return item;
}

function split(argument: Value): Value {
  const [delimiter, text] = pair('Fn::Split', argument);
  return scalar('Fn::Split', text).split(scalar('Fn::Split', delimiter));
}

function findInMap(argument: Value, scope: Scope): Value {
  if (!Array.isArray(argument) || argument.length < 3 || argument.length > 4) {
    throw templateError('every Fn::FindInMap object requires three parameters');
  }
  const [map, first, second] = argument
    .slice(0, 3)
    .map((key: Value) => scalar('Fn::FindInMap', key));
  const found = own(own(own(scope.mappings, map), first), second);
  if (found !== undefined) return found as Value;
  const fallback = argument[3] as Value | undefined;
  if (isObject(fallback) && Object.hasOwn(fallback, 'DefaultValue')) {
    return (fallback as Record<string, Value>)['DefaultValue'] ?? null;
  }
  throw templateError(`Unable to get mapping for ${map}::${first}::${second}`);
}

function own(map: object | undefined, key: string | undefined): object | undefined {
  if (map === undefined || key === undefined || !Object.hasOwn(map, key)) return undefined;
  return (map as Record<string, object>)[key];
}

/** The zones of a region, by default that of the stack: most regions have three. */
function availabilityZones(argument: Value, scope: Scope): Value {
  const region = scalar('Fn::GetAZs', argument) || String(scope.pseudo['AWS::Region']);
  return ['a', 'b', 'c'].map((zone) => region + zone);
}

function importValue(argument: Value, scope: Scope): Value {
  const name = scalar('Fn::ImportValue', argument);
  const value = scope.importValue(name);
  if (value === undefined) throw templateError(`No export named ${name} found.`);
  return value;
}

function getStackOutput(argument: Value, scope: Scope): Value {
  const given = isObject(argument) ? (argument as Record<string, Value>) : {};
  const stack = scalar('Fn::GetStackOutput', given['StackName']);
  const output = scalar('Fn::GetStackOutput', given['OutputName']);
  const value = scope.stackOutput(stack, output);
  if (value === undefined) throw templateError(`stack ${stack} has no output named ${output}`);
  return value;
}
