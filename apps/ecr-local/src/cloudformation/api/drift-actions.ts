import { validationError } from '../../query/query-error';
import { action, type QueryAction } from '../../query/query-service';
import { detectDrift } from '../engine/detect-drift';
import { type EngineDeps } from '../engine/engine-deps';
import { type StackRecord } from '../stacks/stack-record';
import {
  detectResourceDriftInput,
  detectStackDriftInput,
  driftStatusInput,
  resourceDriftsInput,
} from './inputs';
import { requireStack } from './lookups';
import { page } from './paging';
import { resourceDriftWire } from './wire';

/** The detection has ended when its request is answered; a stack remembers the last one. */
export function driftActions(deps: EngineDeps): Record<string, QueryAction> {
  const { store } = deps;
  const detect = async (stack: StackRecord, logicalIds: readonly string[]) => {
    requireResources(stack, logicalIds);
    stack.drift = await detectDrift(stack, deps, logicalIds);
    await store.save(stack);
    return stack.drift;
  };
  return {
    DetectStackDrift: action(detectStackDriftInput, async ({ StackName, LogicalResourceIds }) => {
      const stack = requireStack(store, StackName);
      requireDetectable(stack);
      const { id } = await detect(stack, LogicalResourceIds);
      return { StackDriftDetectionId: id };
    }),
    DetectStackResourceDrift: action(
      detectResourceDriftInput,
      async ({ StackName, LogicalResourceId }) => {
        const stack = requireStack(store, StackName);
        const { resources } = await detect(stack, [LogicalResourceId]);
        const drift = resources.find(({ logicalId }) => logicalId === LogicalResourceId);
        if (!drift) {
          throw validationError(`Drift detection is not supported for ${LogicalResourceId}.`);
        }
        return { StackResourceDrift: resourceDriftWire(stack, drift) };
      },
    ),
    DescribeStackDriftDetectionStatus: action(driftStatusInput, ({ StackDriftDetectionId: id }) => {
      const stack = store.all().find(({ drift }) => drift?.id === id);
      if (!stack?.drift) throw validationError(`Drift detection ${id} does not exist`);
      const { at, status, resources } = stack.drift;
      return {
        StackId: stack.id,
        StackDriftDetectionId: id,
        StackDriftStatus: status,
        DetectionStatus: 'DETECTION_COMPLETE',
        DriftedStackResourceCount: resources.filter((each) => each.status !== 'IN_SYNC').length,
        Timestamp: at,
      };
    }),
    DescribeStackResourceDrifts: action(resourceDriftsInput, (input) => {
      const stack = requireStack(store, input.StackName);
      const filters: readonly string[] = input.StackResourceDriftStatusFilters;
      const drifts = (stack.drift?.resources ?? []).filter(
        ({ status }) => filters.length === 0 || filters.includes(status),
      );
      const { items, ...next } = page(drifts, input.NextToken);
      return {
        StackResourceDrifts: items.map((drift) => resourceDriftWire(stack, drift)),
        ...next,
      };
    }),
  };
}

function requireResources({ name, current }: StackRecord, logicalIds: readonly string[]): void {
  const unknown = logicalIds.find((id) => !Object.hasOwn(current.resources, id));
  if (unknown !== undefined) {
    throw validationError(`Resource ${unknown} does not exist for stack ${name}`);
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html */
function requireDetectable({ id, status }: StackRecord): void {
  if (/^(CREATE|UPDATE|UPDATE_ROLLBACK|IMPORT|IMPORT_ROLLBACK)_(COMPLETE|FAILED)$/.test(status))
    return;
  throw validationError(`Drift detection cannot be performed on stack ${id} in state ${status}.`);
}
