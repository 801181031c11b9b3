import { validationError } from './query-error';

/** A parameter of a Query request once its dotted keys are folded. Every leaf is text. */
export type QueryValue = string | QueryValue[] | { [name: string]: QueryValue };

/** Structures in CloudFormation's and STS's inputs are at most four levels deep; lists add a level each. */
const maximumDepth = 12;

/** The largest request has 200 parameters of a stack with three fields each. */
const maximumParameters = 2_000;

interface Branch {
  value?: string;
  children: Map<string, Branch>;
}

/**
 * Reads an `application/x-www-form-urlencoded` body: `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`.
 * List members are ordered by their number; gaps close up.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#collections
 */
export function parseFormParameters(body: string): Record<string, QueryValue> {
  const root: Branch = { children: new Map() };
  if (body.split('&').length > maximumParameters) {
    throw validationError(`A request has at most ${maximumParameters} parameters`);
  }
  for (const [key, value] of new URLSearchParams(body)) {
    const path = key.split('.');
    if (path.length > maximumDepth) {
      throw validationError(`Parameter ${key} is nested more than ${maximumDepth} levels deep`);
    }
    path.reduce(descend, root).value = value;
  }
  return foldStructure(root);
}

function descend(branch: Branch, name: string): Branch {
  const known = branch.children.get(name);
  if (known) return known;
  const child: Branch = { children: new Map() };
  branch.children.set(name, child);
  return child;
}

function fold(branch: Branch): QueryValue {
  if (branch.children.size === 0) return branch.value ?? '';
  const members = branch.children.get('member');
  if (members && branch.children.size === 1) return foldList(members);
  return foldStructure(branch);
}

function foldStructure(branch: Branch): Record<string, QueryValue> {
  return Object.fromEntries([...branch.children].map(([name, child]) => [name, fold(child)]));
}

function foldList(members: Branch): QueryValue[] {
  return [...members.children]
    .map(([index, child]) => ({ index: Number(index), child }))
    .sort((a, b) => a.index - b.index)
    .map(({ child }) => fold(child));
}
