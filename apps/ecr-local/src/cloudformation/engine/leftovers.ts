import { type ResourceRecord, type StackRecord } from '../stacks/stack-record';
import { type Deletion } from './delete-resources';

type Resources = Readonly<Record<string, ResourceRecord>>;

/**
 * Of all the resources that an operation has met, those that the kept state does not hold. Going forward these
 * are the replaced and the removed ones, going back the ones just made. Pure.
 */
export function leftovers(stack: StackRecord, kept: Resources): ResourceRecord[] {
  const met = [...Object.values(stack.current.resources), ...stack.cleanup];
  const identity = ({ type, physicalId }: ResourceRecord) => `${type} ${physicalId}`;
  const keptIds = new Set(Object.values(kept).map(identity));
  const left = met.filter(
    (resource) => resource.physicalId !== undefined && !keptIds.has(identity(resource)),
  );
  return [...new Map(left.map((resource) => [identity(resource), resource])).values()];
}

/** After an update: the policy that counts is the one for replaced or for removed resources. */
export function afterUpdate(resource: ResourceRecord, kept: Resources): Deletion {
  const replaced = Object.hasOwn(kept, resource.logicalId);
  const policy = replaced ? resource.updateReplacePolicy : resource.deletionPolicy;
  return { resource, retain: policy.startsWith('Retain') };
}

/** On a rollback, `RetainExceptOnCreate` lets go of what was just made, and plain `Retain` does not. What was imported stays. */
export function afterRollback(resource: ResourceRecord, retainExceptOnCreate: boolean): Deletion {
  const isImported = resource.status.startsWith('IMPORT_');
  const retain = resource.deletionPolicy === 'Retain' && !retainExceptOnCreate;
  return { resource, retain: isImported || retain };
}
