import { maximumDepth } from '../../input/bounded-json';
import { intrinsics, type Evaluate } from './intrinsics';
import { evaluateReference } from './reference-functions';
import { type Scope } from './scope';
import { templateError } from '../cloudformation-error';
import { isObject, type Json, type Value } from './value';

/** Marks what `AWS::NoValue` removes. */
const noValue = Symbol('AWS::NoValue');

/**
 * Evaluates a template's value: intrinsic functions are replaced with their values. Pure.
 * `undefined` is `AWS::NoValue`: the containing value leaves it out.
 */
export function evaluate(value: Json, scope: Scope): Value | undefined {
  const result = evaluateInner(value, scope);
  return result === noValue ? undefined : result;
}

function evaluateInner(value: Json, scope: Scope): Value | typeof noValue {
  if (Array.isArray(value)) {
    return value.map((item: Json) => evaluateInner(item, scope)).filter((item) => item !== noValue);
  }
  if (!isObject(value)) return value as Value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only && isIntrinsic(only[0])) {
    return call(only[0], only[1], scope);
  }
  return Object.fromEntries(
    entries.flatMap(([key, child]) => {
      const result = evaluateInner(child, scope);
      return result === noValue ? [] : [[key, result]];
    }),
  );
}

const isIntrinsic = (key: string) => key === 'Ref' || key.startsWith('Fn::');

function call(name: string, argument: Json, scope: Scope): Value | typeof noValue {
  if (name === 'Ref' && argument === 'AWS::NoValue') return noValue;
  const strict: Evaluate = (inner) => {
    const result = evaluateInner(inner, scope);
    if (result === noValue) throw templateError(`AWS::NoValue cannot be an argument of ${name}`);
    return result;
  };
  if (name === 'Fn::If') return evaluateIf(argument, scope);
  const reference = evaluateReference(name, argument, scope, strict);
  if (reference !== undefined) return reference;
  const intrinsic = Object.hasOwn(intrinsics, name) ? intrinsics[name] : undefined;
  if (!intrinsic) throw templateError(`the function ${name} is not emulated here`);
  return intrinsic(argument, scope, strict);
}

function evaluateIf(argument: Json, scope: Scope): Value | typeof noValue {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== 'string') {
    throw templateError('every Fn::If object requires a condition name and two values');
  }
  const branch: Json = evaluateCondition(argument[0], scope) ? argument[1] : argument[2];
  return evaluateInner(branch, scope);
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-conditions.html */
export function evaluateCondition(
  name: string,
  scope: Scope,
  stack: readonly string[] = [],
): boolean {
  const known = scope.conditionResults.get(name);
  if (known !== undefined) return known;
  if (stack.includes(name))
    throw templateError(`circular dependency between conditions: ${[...stack, name].join(' -> ')}`);
  if (stack.length >= maximumDepth)
    throw templateError(`conditions refer to each other more than ${maximumDepth} levels deep`);
  const definition = Object.hasOwn(scope.conditions, name) ? scope.conditions[name] : undefined;
  if (definition === undefined) throw templateError(`unresolved condition dependency ${name}`);
  const result = truth(definition, scope, [...stack, name]);
  scope.conditionResults.set(name, result);
  return result;
}

function truth(definition: Json, scope: Scope, stack: readonly string[]): boolean {
  const [name, argument] = isObject(definition) ? (Object.entries(definition)[0] ?? []) : [];
  const operands = Array.isArray(argument) ? (argument as Json[]) : [];
  switch (name) {
    case 'Condition':
      return evaluateCondition(String(argument), scope, stack);
    case 'Fn::Not':
      if (operands.length !== 1) break;
      return !truth(operands[0] ?? null, scope, stack);
    case 'Fn::And':
      if (operands.length < 2) break;
      return operands.every((operand) => truth(operand, scope, stack));
    case 'Fn::Or':
      if (operands.length < 2) break;
      return operands.some((operand) => truth(operand, scope, stack));
    case 'Fn::Equals': {
      if (operands.length !== 2) break;
      const [left, right] = operands.map((operand) =>
        JSON.stringify(asText(evaluate(operand, scope))),
      );
      return left === right;
    }
  }
  throw templateError(
    `the condition ${stack.at(-1)} must be Fn::Equals, Fn::And, Fn::Or, Fn::Not or Condition with their operands`,
  );
}

/** `true` and `"true"` are equal in a condition. */
const asText = (value: Value | undefined) =>
  typeof value === 'boolean' || typeof value === 'number' ? String(value) : value;
