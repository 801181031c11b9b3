import { z } from 'zod';
import { PolicyError } from '@typerush/image-registry';
import { type AccessControl } from '../access/access-control';
import { AccessError } from '../access/access-error';
import { accountInArn, type Identity, nameInArn } from '../access/identity';
import { type Role } from '../access/stack-roles';
import { accessKeyOf, type RegistryLocation } from '../registry/registries';
import { parsePolicy } from '../registry/resource-policy';
import { QueryError, validationError } from './query-error';
import { action, list, type QueryResult, type QueryService } from './query-service';

interface StsDeps {
  readonly access: AccessControl;
  readonly location: RegistryLocation;
  readonly now: () => Date;
  readonly newId: () => string;
}

const notEmulated = list(z.unknown()).pipe(z.array(z.unknown()).max(0, 'is not emulated here'));

const assumeRole = z.object({
  RoleArn: z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 of [\\w+=,.@-]'),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
  ExternalId: z.string().max(1224).optional(),
  Policy: z.string().max(2048).optional(),
  PolicyArns: notEmulated.optional(),
  Tags: notEmulated.optional(),
});

type AssumeRoleInput = z.output<typeof assumeRole>;

/**
 * AWS STS: who the caller is, and credentials for a role: of any if access is not controlled, otherwise of those whose
 * trust policy lets the caller in.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createStsService(deps: StsDeps): QueryService {
  return {
    name: 'STS',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    signingName: 'sts',
    actions: {
      GetCallerIdentity: action(z.object({}), (_input, { userId, caller }) => ({
        UserId: userId,
        Account: caller.account,
        Arn: caller.arn,
      })),
      AssumeRole: action(assumeRole, (input, identity) =>
        deps.access.identities ? assume(input, identity, deps) : assumeAny(input, deps),
      ),
    },
  };
}

function assumeAny(
  { RoleArn, RoleSessionName, DurationSeconds }: AssumeRoleInput,
  deps: StsDeps,
): QueryResult {
  const { now, newId } = deps;
  const account = accountInArn(RoleArn);
  return {
    Credentials: {
      AccessKeyId: accessKeyOf(account, newId()),
      SecretAccessKey: newId(),
      SessionToken: newId(),
      Expiration: new Date(now().getTime() + DurationSeconds * 1000),
    },
    AssumedRoleUser: {
      AssumedRoleId: `AROALOCAL00000000000:${RoleSessionName}`,
      Arn: `arn:${RoleArn.split(':')[1]}:sts::${account}:assumed-role/${nameInArn(RoleArn)}/${RoleSessionName}`,
    },
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
const chainedSeconds = 3_600;

function assume(
  input: AssumeRoleInput,
  identity: Identity,
  { access, location }: StsDeps,
): QueryResult {
  const { RoleArn, RoleSessionName, DurationSeconds, Policy } = input;
  const role = access.identities?.role(RoleArn);
  requireTrust(access, identity, { input, role, location });
  if (identity.caller.kind === 'role-session' && DurationSeconds > chainedSeconds) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    );
  }
  requireSessionPolicy(Policy);
  const session = { seconds: DurationSeconds, policy: Policy };
  const started = role && access.identities?.startSession(role, RoleSessionName, session);
  if (!started) throw new Error('a role that does not exist was assumed');
  return {
    Credentials: {
      AccessKeyId: started.accessKeyId,
      SecretAccessKey: started.secretAccessKey,
      SessionToken: started.sessionToken,
      Expiration: started.expiresAt,
    },
    AssumedRoleUser: { AssumedRoleId: started.identity.userId, Arn: started.identity.caller.arn },
  };
}

/** A role that does not exist is denied as one that does not trust the caller: AWS does not reveal which roles exist. */
function requireTrust(
  access: AccessControl,
  identity: Identity,
  wanted: {
    readonly input: AssumeRoleInput;
    readonly role: Role | undefined;
    readonly location: RegistryLocation;
  },
): void {
  const { input, role, location } = wanted;
  const { RoleArn, RoleSessionName, ExternalId } = input;
  if (!role) {
    throw new AccessError(
      'DENIED',
      `User: ${identity.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
    );
  }
  access.authorize(identity, {
    action: 'sts:AssumeRole',
    resource: RoleArn,
    location: { account: accountInArn(RoleArn), region: location.region },
    sourceIp: undefined,
    resourcePolicies: [role.trust],
    context: {
      'sts:RoleSessionName': [RoleSessionName],
      ...(ExternalId !== undefined && { 'sts:ExternalId': [ExternalId] }),
    },
  });
}

function requireSessionPolicy(text: string | undefined): void {
  if (text === undefined) return;
  try {
    parsePolicy('identity', text);
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    throw new QueryError('MalformedPolicyDocument', error.message);
  }
}
