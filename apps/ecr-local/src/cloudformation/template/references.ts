import { attributePath, subParts, subPattern } from './reference-functions';
import { isObject, type Json } from './value';

/** A name that a template's value refers to. */
export type Reference =
  | { readonly kind: 'ref'; readonly name: string }
  | { readonly kind: 'attribute'; readonly name: string }
  | { readonly kind: 'condition'; readonly name: string }
  | { readonly kind: 'import'; readonly argument: Json };

/** Every reference in a value, both branches of an `Fn::If` included, as CloudFormation counts them. */
export function referencesIn(value: Json): Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isObject(value)) return [];
  const entries = Object.entries(value);
  const [only] = entries;
  const own = entries.length === 1 && only ? referencesOf(only[0], only[1]) : [];
  return [...own, ...entries.flatMap(([, child]) => referencesIn(child))];
}

function referencesOf(name: string, argument: Json): Reference[] {
  switch (name) {
    case 'Ref':
      return [{ kind: 'ref', name: String(argument) }];
    case 'Fn::GetAtt': {
      const path = attributePath(argument);
      return path ? [{ kind: 'attribute', name: path[0] }] : [];
    }
    case 'Fn::If':
      return Array.isArray(argument) ? [{ kind: 'condition', name: String(argument[0]) }] : [];
    case 'Fn::ImportValue':
      return [{ kind: 'import', argument }];
    case 'Fn::Sub':
      return subReferences(argument);
    default:
      return [];
  }
}

function subReferences(argument: Json): Reference[] {
  const { text, variables } = subParts(argument);
  return [...text.matchAll(subPattern)].flatMap(([, literal, rawName]): Reference[] => {
    const name = (rawName ?? '').trim();
    if (literal || Object.hasOwn(variables, name)) return [];
    const dot = name.indexOf('.');
    return dot > 0 ? [{ kind: 'attribute', name: name.slice(0, dot) }] : [{ kind: 'ref', name }];
  });
}
