import {
  type ResourceDrift,
  type ResourceRecord,
  type StackDrift,
  type StackRecord,
  type StackState,
} from '../stacks/stack-record';
import { type Json } from '../template/value';
import { type EngineDeps } from './engine-deps';
import { propertyDifferences } from './property-differences';

/**
 * Compares the resources of a stack with what it declares; those whose type is only recorded are not checked.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
 *
 * @param logicalIds those to check, if not all
 */
export async function detectDrift(
  stack: StackRecord,
  deps: EngineDeps,
  logicalIds: readonly string[] = [],
): Promise<StackDrift> {
  const wanted = Object.values(stack.current.resources).filter(
    ({ logicalId }) => logicalIds.length === 0 || logicalIds.includes(logicalId),
  );
  const resources: ResourceDrift[] = [];
  for (const resource of wanted) {
    const drift = await resourceDrift(resource, stack, deps);
    if (drift) resources.push(drift);
  }
  const kept = (stack.drift?.resources ?? []).filter(
    ({ logicalId }) => !wanted.some((resource) => resource.logicalId === logicalId),
  );
  const all = [...kept, ...resources];
  const isDrifted = all.some(({ status }) => status !== 'IN_SYNC');
  return {
    id: deps.newId(),
    at: deps.now(),
    status: isDrifted ? 'DRIFTED' : 'IN_SYNC',
    resources: all,
  };
}

async function resourceDrift(
  resource: ResourceRecord,
  stack: StackRecord,
  deps: EngineDeps,
): Promise<ResourceDrift | undefined> {
  const { read } = deps.handlers(resource.type);
  const { logicalId, physicalId, type } = resource;
  if (!read || physicalId === undefined) return undefined;
  const found = await read({ ...resource, physicalId, stackTags: stack.current.tags });
  const base = {
    logicalId,
    physicalId,
    type,
    at: deps.now(),
    expected: JSON.stringify(found.expected),
  };
  if (!found.actual) return { ...base, status: 'DELETED', differences: [] };
  const differences = propertyDifferences(found.expected, found.actual);
  return {
    ...base,
    status: differences.length > 0 ? 'MODIFIED' : 'IN_SYNC',
    actual: JSON.stringify(found.actual),
    differences,
  };
}

/**
 * The state of a stack with its resources as they actually are: what differs from the template is as it was changed, and
 * what was deleted has no id, so that a deployment brings both back.
 */
export async function withActualResources(
  stack: StackRecord,
  deps: EngineDeps,
): Promise<StackState> {
  const resources: Record<string, ResourceRecord> = {};
  for (const [id, resource] of Object.entries(stack.current.resources)) {
    resources[id] = await actualResource(resource, stack, deps);
  }
  return { ...stack.current, resources };
}

async function actualResource(
  resource: ResourceRecord,
  stack: StackRecord,
  deps: EngineDeps,
): Promise<ResourceRecord> {
  const { read } = deps.handlers(resource.type);
  const { physicalId } = resource;
  if (!read || physicalId === undefined) return resource;
  const { expected, actual } = await read({
    ...resource,
    physicalId,
    stackTags: stack.current.tags,
  });
  if (!actual) return { ...resource, physicalId: undefined, attributes: {} };
  const changed = new Set(
    propertyDifferences(expected, actual).map(({ path }) => path.split('/')[1] ?? ''),
  );
  const properties = new Map<string, Json>(Object.entries(resource.properties));
  for (const name of changed) {
    const value = Object.hasOwn(actual, name) ? actual[name] : undefined;
    if (value === undefined) properties.delete(name);
    else properties.set(name, value);
  }
  return { ...resource, properties: Object.fromEntries(properties) };
}
