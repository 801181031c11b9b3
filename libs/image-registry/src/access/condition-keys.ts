/**
 * The condition keys that can have a value in a request here.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const present = `
  aws:CurrentTime aws:EpochTime aws:PrincipalAccount aws:PrincipalArn aws:PrincipalIsAWSService aws:PrincipalOrgID
  aws:PrincipalServiceName aws:PrincipalType aws:RequestedRegion aws:ResourceAccount aws:ResourceOrgID aws:SecureTransport
  aws:SourceAccount aws:SourceIp aws:SourceOrgID aws:TagKeys aws:userid aws:username aws:ViaAWSService
  sts:ExternalId sts:RoleSessionName`;

/** Global keys that no request here has: none comes through a VPC, a console, or another service. */
const absent = `
  aws:AssumedRoot aws:CalledVia aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn aws:Ec2InstanceSourcePrivateIPv4
  aws:Ec2InstanceSourceVpc aws:FederatedProvider aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalOrgPaths
  aws:PrincipalServiceNamesList aws:referer aws:ResourceOrgPaths aws:SourceArn aws:SourceIdentity aws:SourceOrgPaths
  aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:TokenIssueTime aws:UserAgent aws:VpceAccount aws:VpceOrgID
  aws:VpceOrgPaths aws:VpcSourceIp`;

/** With the key of a tag behind the slash. */
const tagKeys = /^(aws:(principaltag|requesttag|resourcetag)|ecr:resourcetag)\/./;

const known = new Set(`${present} ${absent}`.trim().toLowerCase().split(/\s+/));

/** Condition keys do not distinguish upper and lower case; the keys of tags do in part, and are compared alike here. */
export const conditionKey = (key: string): string => key.toLowerCase();

/**
 * Whether a condition key is evaluated. Keys of other services and of identity providers, such as
 * `token.actions.githubusercontent.com:sub`, are: no request here has one, as no request to ECR has.
 */
export function isEvaluatedKey(key: string): boolean {
  const lower = conditionKey(key);
  if (/^(aws|ecr|sts):/.test(lower)) return known.has(lower) || tagKeys.test(lower);
  return /^[a-z0-9.-]+(\/[^:]+)?:./.test(lower);
}

/** The values of a request by lower-case key. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;
