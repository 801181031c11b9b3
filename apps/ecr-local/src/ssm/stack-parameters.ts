import { type ResourceRecord, type StackRecord } from '../cloudformation/stacks/stack-record';
import { partitionOf } from '../cloudformation/template/pseudo-parameters';
import { type RegistryLocation } from '../registry/registries';

export interface StackParameter {
  readonly Name: string;
  readonly Type: string;
  readonly Value: string;
  readonly Version: number;
  readonly LastModifiedDate: Date;
  readonly ARN: string;
  readonly DataType: string;
}

export function parameterArn({ account, region }: RegistryLocation, name: string): string {
  return `arn:${partitionOf(region)}:ssm:${region}:${account}:parameter/${name.replace(/^\//, '')}`;
}

/** The parameters that stacks have created. */
export function stackParameters(
  stacks: readonly StackRecord[],
  location: RegistryLocation,
): StackParameter[] {
  return stacks.flatMap((stack) =>
    Object.values(stack.current.resources).flatMap((resource) => {
      const { type, physicalId, status } = resource;
      const exists = physicalId !== undefined && status !== 'CREATE_FAILED';
      return type === 'AWS::SSM::Parameter' && exists
        ? [describe(stack, { ...resource, physicalId }, location)]
        : [];
    }),
  );
}

function describe(
  { events }: StackRecord,
  { physicalId, properties, updatedAt }: ResourceRecord & { readonly physicalId: string },
  location: RegistryLocation,
): StackParameter {
  const updates = events.filter(
    (event) => event.physicalId === physicalId && event.status === 'UPDATE_COMPLETE',
  );
  return {
    Name: physicalId,
    Type: String(properties['Type'] ?? 'String'),
    Value: String(properties['Value'] ?? ''),
    Version: 1 + updates.length,
    LastModifiedDate: updatedAt,
    ARN: parameterArn(location, physicalId),
    DataType: String(properties['DataType'] ?? 'text'),
  };
}
