import { type Policy, readPolicy } from '@typerush/image-registry';
import { type ResourceRecord, type StackRecord } from '../cloudformation/stacks/stack-record';
import { type Json } from '../cloudformation/template/value';
import { managedPolicies } from './managed-policies';

/** A role, as the access control needs it. */
export interface Role {
  readonly arn: string;
  readonly trust: Policy;
  readonly identity: readonly Policy[];
  readonly boundary: readonly Policy[] | undefined;
  readonly tags: Readonly<Record<string, string>>;
}

type Properties = Readonly<Record<string, Json>>;

/** The ARNs of the roles that stacks made. */
export const stackRoleArns = (stacks: readonly StackRecord[], account: string): string[] =>
  resourcesOf(stacks).flatMap(({ type, physicalId, properties }) =>
    type === 'AWS::IAM::Role' && physicalId !== undefined
      ? [roleArn(account, physicalId, properties['Path'])]
      : [],
  );

/**
 * A role that stacks made, with the policies that they attach to it: its own, those of `AWS::IAM::Policy`,
 * `AWS::IAM::RolePolicy` and `AWS::IAM::ManagedPolicy`, and AWS's own that are about ECR.
 *
 * @throws PolicyError if a policy of the role is malformed, or not evaluated here
 */
export function findStackRole(
  stacks: readonly StackRecord[],
  account: string,
  roleName: string,
): Role | undefined {
  const resources = resourcesOf(stacks);
  const role = resources.find(
    ({ type, physicalId }) => type === 'AWS::IAM::Role' && physicalId === roleName,
  );
  if (!role) return undefined;
  const { AssumeRolePolicyDocument, PermissionsBoundary, Tags } = role.properties;
  const managed = (arn: Json | undefined) => managedPolicy(resources, String(arn));
  const boundary =
    PermissionsBoundary === undefined ? undefined : [managed(PermissionsBoundary)].flat();
  return {
    arn: roleArn(account, roleName, role.properties['Path']),
    trust: readPolicy('trust', AssumeRolePolicyDocument),
    identity: [
      ...listOf(role.properties['Policies']).map((inline) => identityPolicy(inline)),
      ...listOf(role.properties['ManagedPolicyArns']).flatMap(managed),
      ...resources
        .filter((resource) => isAttached(resource, roleName))
        .map(({ properties }) => identityPolicy(properties)),
    ],
    boundary,
    tags: Object.fromEntries(
      listOf(Tags).map((tag) => [String(objectOf(tag)['Key']), String(objectOf(tag)['Value'])]),
    ),
  };
}

export const roleArn = (account: string, name: string, rolePath: Json | undefined): string =>
  `arn:aws:iam::${account}:role${typeof rolePath === 'string' ? rolePath : '/'}${name}`;

const isMade = ({ physicalId, status }: ResourceRecord): boolean =>
  physicalId !== undefined && status !== 'CREATE_FAILED' && status !== 'CREATE_IN_PROGRESS';

const resourcesOf = (stacks: readonly StackRecord[]): ResourceRecord[] =>
  stacks.flatMap(({ current }) => Object.values(current.resources)).filter(isMade);

const objectOf = (value: Json | undefined): Properties =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};

const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);

const identityPolicy = (holder: Json): Policy =>
  readPolicy('identity', objectOf(holder)['PolicyDocument']);

function isAttached({ type, properties }: ResourceRecord, roleName: string): boolean {
  switch (type) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy':
      return listOf(properties['Roles']).includes(roleName);
    case 'AWS::IAM::RolePolicy':
      return properties['RoleName'] === roleName;
    default:
      return false;
  }
}

function managedPolicy(resources: readonly ResourceRecord[], arn: string): Policy[] {
  const known = /^arn:[a-z-]+:iam::aws:policy\/(?:[\w-]+\/)*([\w+=,.@-]+)$/.exec(arn)?.[1];
  const aws = known === undefined ? undefined : managedPolicies.get(known);
  if (aws) return [aws];
  const own = resources.find(
    ({ type, physicalId }) => type === 'AWS::IAM::ManagedPolicy' && physicalId === arn,
  );
  return own ? [identityPolicy(own.properties)] : [];
}
