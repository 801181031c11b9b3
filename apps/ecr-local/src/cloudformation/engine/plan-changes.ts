import { CloudFormationError } from '../cloudformation-error';
import { type ResourceHandlers } from '../resources/resource-handler';
import {
  type ResourceChange,
  type ResourceRecord,
  type StackOutput,
  type StackState,
  type StackTag,
} from '../stacks/stack-record';
import { type ReferableResource } from '../template/scope';
import { hasPending, type Json, sameValue, type Value } from '../template/value';
import { compareResource, describeValue } from './compare-resource';
import { pendingResource, referable } from './referable';
import { type TargetStack } from './target-stack';

export interface Plan {
  readonly changes: readonly ResourceChange[];
  /** Nothing to do: neither resources nor outputs nor tags would change. */
  readonly empty: boolean;
}

/** What it takes to get from the deployed state to the target: a change set's content. Pure. */
export function planChanges(
  deployed: StackState,
  target: TargetStack,
  tags: readonly StackTag[],
  handlers: ResourceHandlers,
  imports: Readonly<Record<string, string>> = {},
): Plan {
  refuseTypeChanges(deployed, target);
  const planned = new Map<string, ReferableResource>();
  const lookup = (id: string) => planned.get(id);
  const tagsChanged = !sameTags(deployed.tags, tags);
  const kept = target.order.flatMap((id) => {
    const properties = target.properties(id, lookup);
    const record = madeResource(deployed, id);
    const change = record
      ? modification(record, target, properties, handlers, tagsChanged)
      : addition(id, target, properties, imports[id]);
    const stays = record && (!change || change.replacement === 'False');
    planned.set(id, stays ? afterUpdate(record, properties, handlers) : pendingResource(id));
    return change ? [change] : [];
  });
  const removed = Object.values(deployed.resources)
    .filter(({ logicalId }) => !target.order.includes(logicalId))
    .map(removal);
  const changes = [...kept, ...removed];
  const outputsChange = !sameOutputs(deployed.outputs, target.outputs(lookup));
  return { changes, empty: changes.length === 0 && !outputsChange && !tagsChanged };
}

/** A resource whose creation failed has no id; it is created again. */
function madeResource(deployed: StackState, id: string): ResourceRecord | undefined {
  const record = deployed.resources[id];
  return record?.physicalId === undefined ? undefined : record;
}

/** In the plan an updated resource has its new properties, so far as they are known. */
function afterUpdate(
  record: ResourceRecord,
  properties: Readonly<Record<string, Value>>,
  handlers: ResourceHandlers,
) {
  const known = Object.entries(properties).filter(([, value]) => !hasPending(value));
  return referable(
    { ...record, properties: Object.fromEntries(known) as Record<string, Json> },
    handlers,
  );
}

function addition(
  id: string,
  target: TargetStack,
  properties: Readonly<Record<string, Value>>,
  imported: string | undefined,
): ResourceChange {
  return {
    action: imported === undefined ? 'Add' : 'Import',
    ...(imported !== undefined && { physicalId: imported }),
    logicalId: id,
    type: target.definition(id).Type,
    details: [],
    afterContext: describeValue({ Properties: properties }),
  };
}

function modification(
  record: ResourceRecord,
  target: TargetStack,
  properties: Readonly<Record<string, Value>>,
  handlers: ResourceHandlers,
  tagsChanged: boolean,
): ResourceChange | undefined {
  const definition = target.definition(record.logicalId);
  const handler = handlers(record.type);
  const { details, replacement } = compareResource(
    record,
    definition,
    properties,
    handler,
    tagsChanged,
  );
  if (details.length === 0) return undefined;
  const retained = definition.UpdateReplacePolicy.startsWith('Retain');
  return {
    action: 'Modify',
    logicalId: record.logicalId,
    type: record.type,
    ...(record.physicalId !== undefined && { physicalId: record.physicalId }),
    replacement,
    ...(replacement === 'True' && {
      policyAction: retained ? 'ReplaceAndRetain' : 'ReplaceAndDelete',
    }),
    details: [...details],
    beforeContext: describeValue({ Properties: record.properties }),
    afterContext: describeValue({ Properties: properties }),
  };
}

function removal(record: ResourceRecord): ResourceChange {
  return {
    action: 'Remove',
    logicalId: record.logicalId,
    type: record.type,
    ...(record.physicalId !== undefined && { physicalId: record.physicalId }),
    policyAction: record.deletionPolicy.startsWith('Retain') ? 'Retain' : 'Delete',
    details: [],
    beforeContext: describeValue({ Properties: record.properties }),
  };
}

function refuseTypeChanges(deployed: StackState, target: TargetStack): void {
  const changed = target.order.filter((id) => {
    const record = deployed.resources[id];
    return record && record.type !== target.definition(id).Type;
  });
  if (changed.length > 0) {
    throw new CloudFormationError(
      'TYPE_CHANGED',
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`,
    );
  }
}

export function sameTags(a: readonly StackTag[], b: readonly StackTag[]): boolean {
  const byKey = (tags: readonly StackTag[]) =>
    Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
  return sameValue(byKey(a), byKey(b));
}

function sameOutputs(a: readonly StackOutput[], b: ReturnType<TargetStack['outputs']>): boolean {
  const comparable = (outputs: ReturnType<TargetStack['outputs']>): Value =>
    Object.fromEntries(
      outputs.map(({ key, value, exportName, description }) => [
        key,
        [value ?? null, exportName ?? null, description ?? null],
      ]),
    );
  return sameValue(comparable([...a]), comparable(b));
}
