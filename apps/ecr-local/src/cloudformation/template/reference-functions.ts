import { type Evaluate, requireShort } from './intrinsics';
import { type Scope } from './scope';
import { templateError, templateFormatError } from '../cloudformation-error';
import { type Json, Pending, type Value } from './value';

/** `Ref` and `Fn::GetAtt`, `Fn::Sub`; `undefined` when the function is another. */
export function evaluateReference(
  name: string,
  argument: Json,
  scope: Scope,
  evaluate: Evaluate,
): Value | undefined {
  switch (name) {
    case 'Ref':
      return resolveName(String(argument), scope);
    case 'Fn::GetAtt':
      return getAtt(argument, scope, evaluate);
    case 'Fn::Sub':
      return substitute(argument, scope, evaluate);
    default:
      return undefined;
  }
}

function resolveName(name: string, scope: Scope): Value {
  if (Object.hasOwn(scope.parameters, name)) return scope.parameters[name] as Value;
  if (Object.hasOwn(scope.pseudo, name)) return scope.pseudo[name] as Value;
  const resource = scope.resource(name);
  if (!resource) {
    throw templateFormatError(
      `Unresolved resource dependencies [${name}] in the Resources block of the template`,
    );
  }
  return resource.ref();
}

/** `[id, attribute]` or, in YAML's and `Fn::Sub`'s short form, `id.attribute`. */
export function attributePath(argument: Json): [string, Json] | undefined {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    return dot > 0 ? [argument.slice(0, dot), argument.slice(dot + 1)] : undefined;
  }
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const [id, attribute] = argument as [Json, Json];
  return typeof id === 'string' ? [id, attribute] : undefined;
}

function getAtt(argument: Json, scope: Scope, evaluate: Evaluate): Value {
  const path = attributePath(argument);
  if (!path) throw templateError('Fn::GetAtt needs a resource and an attribute name');
  const [id, attributeValue] = path;
  const attribute = evaluate(attributeValue);
  const resource = scope.resource(id);
  if (!resource) throw templateError(`instance of Fn::GetAtt references undefined resource ${id}`);
  const value = resource.attribute(String(attribute));
  if (value === undefined) {
    throw templateError(
      `resource ${id} does not support attribute type ${String(attribute)} in Fn::GetAtt`,
    );
  }
  return value;
}

/** `${!Literal}` is text; `${A}` a Ref; `${A.B}` a GetAtt. A name holds no brace, so the search takes linear time. */
export const subPattern = /\$\{(!?)([^{}]*)\}/g;

export function subParts(argument: Json): { text: string; variables: Record<string, Json> } {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  const [text, variables] = Array.isArray(argument) ? (argument as [Json, Json]) : [];
  if (typeof text !== 'string' || typeof variables !== 'object' || variables === null) {
    throw templateError('Fn::Sub needs a text, or a list of a text and a map of variables');
  }
  return { text, variables: variables as Record<string, Json> };
}

function substitute(argument: Json, scope: Scope, evaluate: Evaluate): Value {
  const { text, variables } = subParts(argument);
  let pending: Pending | undefined;
  let length = text.length;
  // Each is evaluated once, however often the text names it: the variable may be a text of the same kind.
  const values = new Map<string, Value>();
  const result = text.replace(subPattern, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const variable = name.trim();
    const value = values.get(variable) ?? subVariable(variable, variables, scope, evaluate);
    values.set(variable, value);
    if (value instanceof Pending) pending = value;
    else if (typeof value === 'object') {
      throw templateError(`Fn::Sub can only take text: \${${name}} is a list or a map`);
    }
    length += String(value).length;
    requireShort('Fn::Sub', length);
    return String(value);
  });
  return pending ?? result;
}

function subVariable(
  name: string,
  variables: Record<string, Json>,
  scope: Scope,
  evaluate: Evaluate,
): Value {
  if (Object.hasOwn(variables, name)) return evaluate(variables[name] ?? null);
  return name.includes('.') ? getAtt(name, scope, evaluate) : resolveName(name, scope);
}
