import { partitionOf } from '../template/pseudo-parameters';
import { type EngineDeps } from '../engine/engine-deps';
import { emptyState, type StackRecord } from '../stacks/stack-record';

export function newStack(name: string, deps: EngineDeps): StackRecord {
  return {
    id: arn(deps, 'stack', name),
    name,
    status: 'REVIEW_IN_PROGRESS',
    createdAt: deps.now(),
    terminationProtection: false,
    disableRollback: false,
    retainExceptOnCreate: false,
    notificationArns: [],
    current: structuredClone(emptyState),
    cleanup: [],
    events: [],
    changeSets: [],
  };
}

export function arn(deps: EngineDeps, kind: 'stack' | 'changeSet', name: string): string {
  const { accountId, region } = deps.location;
  return `arn:${partitionOf(region)}:cloudformation:${region}:${accountId}:${kind}/${name}/${deps.newId()}`;
}
