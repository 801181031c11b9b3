import { type ResourceRecord } from '../stacks/stack-record';
import { topologicalOrder } from '../template/dependency-order';
import { type EngineDeps } from './engine-deps';
import { failureReason } from './failure';
import { type StackJournal } from './stack-journal';

export interface Deletion {
  readonly resource: ResourceRecord;
  readonly retain: boolean;
}

/**
 * Deletes resources, each before what it depends on. One that fails keeps what it depends on; the others
 * still go.
 *
 * @returns those that are left, the ones that were retained not among them
 */
export async function deleteResources(
  deletions: readonly Deletion[],
  journal: StackJournal,
  deps: EngineDeps,
  onGone: (resource: ResourceRecord) => void,
): Promise<ResourceRecord[]> {
  const left: ResourceRecord[] = [];
  const retained = new Set(
    deletions.filter(({ retain }) => retain).map(({ resource }) => resource),
  );
  const order = topologicalOrder(
    deletions.map(({ resource }) => resource),
    (r) => r.logicalId,
  ).reverse();
  for (const resource of order) {
    const needed = left.some(({ dependsOn }) => dependsOn.includes(resource.logicalId));
    if (needed || !(await deleteResource(resource, retained.has(resource), journal, deps))) {
      left.push(resource);
    } else onGone(resource);
  }
  return left;
}

async function deleteResource(
  resource: ResourceRecord,
  retain: boolean,
  journal: StackJournal,
  deps: EngineDeps,
): Promise<boolean> {
  const { physicalId } = resource;
  if (physicalId === undefined) return true;
  if (retain) {
    journal.resourceStatus(resource, 'DELETE_SKIPPED');
    return true;
  }
  journal.resourceStatus(resource, 'DELETE_IN_PROGRESS');
  try {
    await deps
      .handlers(resource.type)
      .delete({ ...resource, physicalId, stackName: journal.stack.name });
  } catch (error) {
    journal.resourceStatus(resource, 'DELETE_FAILED', failureReason(error, deps.newId()));
    return false;
  }
  journal.resourceStatus(resource, 'DELETE_COMPLETE');
  return true;
}
