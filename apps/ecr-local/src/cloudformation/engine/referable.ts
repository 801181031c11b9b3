import { type ResourceHandlers } from '../resources/resource-handler';
import { type ResourceRecord } from '../stacks/stack-record';
import { type ReferableResource } from '../template/scope';
import { Pending } from '../template/value';

/** A deployed resource as references see it. */
export function referable(record: ResourceRecord, handlers: ResourceHandlers): ReferableResource {
  const { physicalId } = record;
  if (physicalId === undefined) return pendingResource(record.logicalId);
  const handler = handlers(record.type);
  const resource = { ...record, physicalId };
  return {
    ref: () => handler.ref(resource),
    attribute: (name) => handler.attribute(resource, name),
  };
}

/** A resource that is yet to be made. */
export function pendingResource(logicalId: string): ReferableResource {
  return {
    ref: () => new Pending(logicalId),
    attribute: (name) => new Pending(`${logicalId}.${name}`),
  };
}
