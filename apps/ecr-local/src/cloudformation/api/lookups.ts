import { QueryError, validationError } from '../../query/query-error';
import { type ChangeSet, type StackRecord } from '../stacks/stack-record';
import { type StackStore } from '../stacks/stack-store';

/** Two wordings are in use, and the CDK matches on both. */
const absent = {
  described: (name: string) => `Stack with id ${name} does not exist`,
  acted: (name: string) => `Stack [${name}] does not exist`,
};

export function requireStack(
  store: StackStore,
  name: string,
  wording: keyof typeof absent = 'acted',
): StackRecord {
  const stack = store.find(name);
  if (!stack) throw validationError(absent[wording](name));
  return stack;
}

/** A change set by its ARN, or by its name and stack. */
export function findChangeSet(
  store: StackStore,
  name: string,
  stackName: string | undefined,
): { stack: StackRecord; changeSet: ChangeSet } | undefined {
  if (!name.startsWith('arn:') && stackName === undefined) {
    throw validationError(
      'StackName must be specified if ChangeSetName is not specified as an ARN.',
    );
  }
  const stacks = stackName === undefined ? store.live() : [requireStack(store, stackName)];
  for (const stack of stacks) {
    const changeSet = stack.changeSets.find(
      (candidate) => candidate.id === name || candidate.name === name,
    );
    if (changeSet) return { stack, changeSet };
  }
  return undefined;
}

export function requireChangeSet(store: StackStore, name: string, stackName: string | undefined) {
  const found = findChangeSet(store, name, stackName);
  if (!found) throw new QueryError('ChangeSetNotFound', `ChangeSet [${name}] does not exist`, 404);
  return found;
}
