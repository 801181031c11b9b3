import { validationError } from '../../query/query-error';
import { action, type QueryAction } from '../../query/query-service';
import { type EngineDeps } from '../engine/engine-deps';
import { exportsOf, importersOf } from '../stacks/exports';
import {
  describeEventsInput,
  describeStackResourceInput,
  describeStackResourcesInput,
  getTemplateInput,
  listImportsInput,
  listStacksInput,
  optionalStackInput,
  pageInput,
  stackInput,
} from './inputs';
import { requireChangeSet, requireStack } from './lookups';
import { page } from './paging';
import {
  eventWire,
  operationEventWire,
  resourceDetailWire,
  resourceSummaryWire,
  resourceWire,
  stackSummaryWire,
  stackWire,
} from './wire';

export function stackReadActions({ store }: EngineDeps): Record<string, QueryAction> {
  return {
    DescribeStacks: action(optionalStackInput, ({ StackName, NextToken }) => {
      const stacks =
        StackName === undefined
          ? store.live().reverse()
          : [requireStack(store, StackName, 'described')];
      const { items, ...next } = page(stacks, NextToken);
      return { Stacks: items.map(stackWire), ...next };
    }),
    ListStacks: action(listStacksInput, ({ StackStatusFilter, NextToken }) => {
      const stacks = store
        .all()
        .reverse()
        .filter(
          ({ status }) => StackStatusFilter.length === 0 || StackStatusFilter.includes(status),
        );
      const { items, ...next } = page(stacks, NextToken);
      return { StackSummaries: items.map(stackSummaryWire), ...next };
    }),
    GetTemplate: action(getTemplateInput, ({ StackName, ChangeSetName }) => {
      if (ChangeSetName !== undefined) {
        const { changeSet } = requireChangeSet(store, ChangeSetName, StackName);
        return templateAnswer(changeSet.templateBody);
      }
      if (StackName === undefined)
        throw validationError('StackName or ChangeSetName must be specified.');
      return templateAnswer(requireStack(store, StackName, 'described').current.templateBody);
    }),
    ListExports: action(pageInput, ({ NextToken }) => {
      const { items, ...next } = page(exportsOf(store.live()), NextToken);
      const wire = items.map(({ name, value, stackId }) => ({
        ExportingStackId: stackId,
        Name: name,
        Value: value,
      }));
      return { Exports: wire, ...next };
    }),
    ListImports: action(listImportsInput, ({ ExportName, NextToken }) => {
      const importers = importersOf(store.live(), ExportName).map(({ name }) => name);
      if (importers.length === 0)
        throw validationError(`Export '${ExportName}' is not imported by any stack.`);
      const { items, ...next } = page(importers, NextToken);
      return { Imports: items, ...next };
    }),
  };
}

const templateAnswer = (body: string) => ({
  TemplateBody: body,
  StagesAvailable: ['Original', 'Processed'],
});

export function detailReadActions({ store }: EngineDeps): Record<string, QueryAction> {
  return {
    DescribeStackEvents: action(stackInput, ({ StackName, NextToken }) => {
      const stack = requireStack(store, StackName);
      const { items, ...next } = page(stack.events.toReversed(), NextToken);
      return { StackEvents: items.map((event) => eventWire(stack, event)), ...next };
    }),
    DescribeEvents: action(describeEventsInput, (input) => {
      const name = input.StackName;
      const stack =
        input.ChangeSetName === undefined
          ? requireStack(store, name ?? '')
          : requireChangeSet(store, input.ChangeSetName, name).stack;
      const events = stack.events
        .toReversed()
        .filter(
          ({ operationId }) => input.OperationId === undefined || operationId === input.OperationId,
        )
        .filter(({ status }) => !input.Filters?.FailedEvents || status.endsWith('_FAILED'));
      const { items, ...next } = page(events, input.NextToken);
      return { OperationEvents: items.map((event) => operationEventWire(stack, event)), ...next };
    }),
    DescribeStackResources: action(describeStackResourcesInput, (input) => {
      const stack =
        input.StackName === undefined
          ? store
              .live()
              .find(({ current }) =>
                Object.values(current.resources).some(
                  ({ physicalId }) => physicalId === input.PhysicalResourceId,
                ),
              )
          : requireStack(store, input.StackName, 'described');
      if (!stack) throw validationError(`Stack for ${input.PhysicalResourceId} does not exist`);
      const resources = Object.values(stack.current.resources).filter(
        ({ logicalId }) =>
          input.LogicalResourceId === undefined || logicalId === input.LogicalResourceId,
      );
      return { StackResources: resources.map((resource) => resourceWire(stack, resource)) };
    }),
    DescribeStackResource: action(
      describeStackResourceInput,
      ({ StackName, LogicalResourceId }) => {
        const stack = requireStack(store, StackName, 'described');
        const resource = Object.values(stack.current.resources).find(
          ({ logicalId }) => logicalId === LogicalResourceId,
        );
        if (!resource)
          throw validationError(
            `Resource ${LogicalResourceId} does not exist for stack ${stack.name}`,
          );
        return { StackResourceDetail: resourceDetailWire(stack, resource) };
      },
    ),
    ListStackResources: action(stackInput, ({ StackName, NextToken }) => {
      const stack = requireStack(store, StackName, 'described');
      const { items, ...next } = page(Object.values(stack.current.resources), NextToken);
      return {
        StackResourceSummaries: items.map((resource) => resourceSummaryWire(stack, resource)),
        ...next,
      };
    }),
  };
}
