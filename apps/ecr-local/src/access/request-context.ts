import { type ConditionContext, conditionKey, principalArn } from '@typerush/image-registry';
import { type Identity } from './identity';

/** What the condition keys of a request get their values from. */
export interface RequestFacts {
  readonly identity: Identity;
  readonly now: Date;
  readonly sourceIp: string | undefined;
  readonly region: string;
  readonly resourceAccount: string;
  readonly organizationOf: (account: string) => string | undefined;
  /** Keys that only some requests have. */
  readonly more: Readonly<Record<string, readonly string[]>>;
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html */
export function contextOf(facts: RequestFacts): ConditionContext {
  const { identity, now, region, resourceAccount, organizationOf, more } = facts;
  const { caller } = identity;
  const values: Record<string, readonly string[] | string | undefined> = {
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:RequestedRegion': region,
    'aws:ResourceAccount': resourceAccount,
    'aws:ResourceOrgID': organizationOf(resourceAccount),
    // This machine takes the place of AWS's endpoints, which speak TLS.
    'aws:SecureTransport': 'true',
    'aws:ViaAWSService': 'false',
    ...(caller.kind === 'service' ? ofService(facts) : ofPrincipal(facts)),
    ...more,
  };
  return new Map(
    Object.entries(values).flatMap(([key, value]) =>
      value === undefined ? [] : [[conditionKey(key), [value].flat()] as const],
    ),
  );
}

const ofService = ({ identity: { caller }, organizationOf }: RequestFacts) => ({
  'aws:PrincipalIsAWSService': 'true',
  'aws:PrincipalServiceName': caller.arn,
  'aws:SourceAccount': caller.account,
  'aws:SourceOrgID': organizationOf(caller.account),
});

function ofPrincipal({ identity, organizationOf, sourceIp }: RequestFacts) {
  const { caller, userId, userName } = identity;
  return {
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalArn': principalArn(caller),
    'aws:PrincipalIsAWSService': 'false',
    'aws:PrincipalOrgID': organizationOf(caller.account),
    'aws:PrincipalType': caller.kind === 'user' ? 'User' : 'AssumedRole',
    'aws:SourceIp': sourceIp?.replace(/^::ffff:(?=\d+\.)/, ''),
    'aws:userid': userId,
    'aws:username': userName,
    ...Object.fromEntries(
      Object.entries(caller.tags ?? {}).map(([key, value]) => [`aws:PrincipalTag/${key}`, value]),
    ),
  };
}
