import { type XmlValue } from '../../query/xml-response';
import {
  type ChangeSet,
  type PropertyChange,
  type ResourceChange,
  type ResourceDrift,
  type ResourceRecord,
  type StackEvent,
  type StackParameter,
  type StackRecord,
} from '../stacks/stack-record';

/** Records as the API's structures. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Types.html */
type Wire = { readonly [name: string]: XmlValue };

const stackDriftWire = ({ drift }: StackRecord): Wire =>
  drift
    ? { StackDriftStatus: drift.status, LastCheckTimestamp: drift.at }
    : { StackDriftStatus: 'NOT_CHECKED' };

const parameterWire = ({ key, value, noEcho }: StackParameter): Wire => ({
  ParameterKey: key,
  ParameterValue: noEcho ? '****' : value,
});

export function stackWire(stack: StackRecord): Wire {
  const { current } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: current.description,
    Parameters: current.parameters.map(parameterWire),
    CreationTime: stack.createdAt,
    DeletionTime: stack.deletedAt,
    LastUpdatedTime: stack.updatedAt,
    RollbackConfiguration: {},
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DisableRollback: stack.disableRollback,
    NotificationARNs: stack.notificationArns,
    Capabilities: current.capabilities,
    Outputs: current.outputs.map((output) => ({
      OutputKey: output.key,
      OutputValue: output.value,
      Description: output.description,
      ExportName: output.exportName,
    })),
    RoleARN: stack.roleArn,
    Tags: current.tags,
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: stackDriftWire(stack),
  };
}

export function stackSummaryWire(stack: StackRecord): Wire {
  return {
    StackId: stack.id,
    StackName: stack.name,
    TemplateDescription: stack.current.description,
    CreationTime: stack.createdAt,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    StackStatus: stack.status,
    StackStatusReason: stack.statusReason,
    DriftInformation: stackDriftWire(stack),
  };
}

export function eventWire(stack: StackRecord, event: StackEvent): Wire {
  return {
    StackId: stack.id,
    EventId: event.id,
    StackName: stack.name,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId ?? '',
    ResourceType: event.type,
    Timestamp: event.at,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

/** DescribeEvents lists operations rather than stacks. */
export function operationEventWire(stack: StackRecord, event: StackEvent): Wire {
  const failed = event.status.endsWith('_FAILED');
  return {
    EventId: event.id,
    StackId: stack.id,
    OperationId: event.operationId,
    EventType: failed && event.physicalId !== stack.id ? 'PROVISIONING_ERROR' : 'STACK_EVENT',
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.at,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

function resourceDriftInformation({ drift }: StackRecord, { logicalId }: ResourceRecord): Wire {
  const found = drift?.resources.find((each) => each.logicalId === logicalId);
  return found
    ? { StackResourceDriftStatus: found.status, LastCheckTimestamp: found.at }
    : { StackResourceDriftStatus: 'NOT_CHECKED' };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackResourceDrift.html */
export const resourceDriftWire = ({ id }: StackRecord, drift: ResourceDrift): Wire => ({
  StackId: id,
  LogicalResourceId: drift.logicalId,
  PhysicalResourceId: drift.physicalId,
  ResourceType: drift.type,
  ExpectedProperties: drift.expected,
  ActualProperties: drift.actual,
  PropertyDifferences: drift.differences.map(({ path, kind, expected, actual }) => ({
    PropertyPath: path,
    ExpectedValue: expected,
    ActualValue: actual,
    DifferenceType: kind,
  })),
  StackResourceDriftStatus: drift.status,
  Timestamp: drift.at,
});

function resourceBase(stack: StackRecord, resource: ResourceRecord): Wire {
  return {
    LogicalResourceId: resource.logicalId,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.statusReason,
    DriftInformation: resourceDriftInformation(stack, resource),
  };
}

export const resourceWire = (stack: StackRecord, resource: ResourceRecord): Wire => ({
  ...resourceBase(stack, resource),
  StackId: stack.id,
  StackName: stack.name,
  Timestamp: resource.updatedAt,
});

export const resourceDetailWire = (stack: StackRecord, resource: ResourceRecord): Wire => ({
  ...resourceBase(stack, resource),
  StackId: stack.id,
  StackName: stack.name,
  LastUpdatedTimestamp: resource.updatedAt,
  Metadata: resource.metadata === undefined ? undefined : JSON.stringify(resource.metadata),
});

export const resourceSummaryWire = (stack: StackRecord, resource: ResourceRecord): Wire => ({
  ...resourceBase(stack, resource),
  LastUpdatedTimestamp: resource.updatedAt,
});

export function changeSetSummaryWire(stack: StackRecord, changeSet: ChangeSet): Wire {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: changeSet.id,
    ChangeSetName: changeSet.name,
    ExecutionStatus: changeSet.executionStatus,
    Status: changeSet.status,
    StatusReason: changeSet.statusReason,
    CreationTime: changeSet.createdAt,
    Description: changeSet.description,
    IncludeNestedStacks: false,
    ImportExistingResources: false,
  };
}

export function changeSetWire(stack: StackRecord, changeSet: ChangeSet): Wire {
  return {
    ...changeSetSummaryWire(stack, changeSet),
    Parameters: changeSet.parameters.map(parameterWire),
    NotificationARNs: changeSet.notificationArns,
    RollbackConfiguration: {},
    Capabilities: changeSet.capabilities,
    Tags: changeSet.tags,
    OnStackFailure: changeSet.onStackFailure,
    DeploymentMode: changeSet.revertsDrift ? 'REVERT_DRIFT' : undefined,
  };
}

export function changeWire(change: ResourceChange, withValues: boolean): Wire {
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policyAction,
      Action: change.action,
      LogicalResourceId: change.logicalId,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: [...new Set(change.details.map(({ attribute }) => attribute))],
      Details: change.details.map((detail) => detailWire(detail, withValues)),
      ...(withValues && { BeforeContext: change.beforeContext, AfterContext: change.afterContext }),
    },
  };
}

function detailWire(detail: PropertyChange, withValues: boolean): Wire {
  const { attribute, before, after } = detail;
  const isProperty = attribute === 'Properties' || (attribute === 'Tags' && detail.name === 'Tags');
  return {
    Target: {
      Attribute: attribute,
      Name: attribute === 'Properties' ? detail.name : undefined,
      RequiresRecreation: detail.requiresRecreation,
      ...(withValues && {
        Path: isProperty ? `/Properties/${detail.name}` : `/${detail.name}`,
        BeforeValue: before,
        AfterValue: after,
        AttributeChangeType:
          before === undefined ? 'Add' : after === undefined ? 'Remove' : 'Modify',
      }),
    },
    Evaluation: detail.dynamic ? 'Dynamic' : 'Static',
    ChangeSource: detail.dynamic ? 'ResourceAttribute' : 'DirectModification',
  };
}
