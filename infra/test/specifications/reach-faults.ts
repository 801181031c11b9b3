import { globCovers } from './globs';
import { actionsOf } from './iam-faults';
import { asList, type LocatedStatement, resourcesIn, statementsOf } from './policy-statements';
import { resourcesOf, type Templates, textOf } from './template';

/** An action of a service on a resource, that a policy allows. */
export interface Need {
  readonly who: string;
  readonly action: string;
  readonly resource: string;
}

/** The endpoints of a VPC by the service that they are for; what goes to another service leaves by a NAT gateway. */
const endpointsOf: Readonly<Record<string, readonly string[]>> = {
  ecr: ['ecr.api', 'ecr.dkr'],
  s3: ['s3'],
  logs: ['logs'],
};

const endpointsFor = (action: string) => endpointsOf[action.split(':')[0] ?? ''] ?? [];

/** What the policies of the templates grant, of the services that have an endpoint. */
export async function grantedNeeds(templates: Templates): Promise<Need[]> {
  const grants = statementsOf(templates).filter(
    ({ resource: { Type }, statement: { Effect } }) =>
      Effect === 'Allow' &&
      ['AWS::ECR::Repository', 'AWS::IAM::Policy', 'AWS::IAM::Role'].includes(Type),
  );
  const needs = await Promise.all(
    grants.map(async (grant) => {
      const actions = await Promise.all(asList(grant.statement.Action).map(actionsOf));
      return actions
        .flat()
        .filter((action) => endpointsFor(action).length > 0)
        .flatMap((action) =>
          resourcesNeeded(grant).map((resource) => ({ who: grant.where, action, resource })),
        );
    }),
  );
  return needs.flat();
}

/** The policy of a repository has no resource: it is the repository. */
function resourcesNeeded(grant: LocatedStatement): string[] {
  if (grant.resource.Type !== 'AWS::ECR::Repository') return resourcesIn(grant);
  const name = textOf(grant.resource.Properties?.['RepositoryName'], grant.template);
  return [`arn:aws:ecr:ap-southeast-1:123456789012:repository/${name}`];
}

/** What is needed in the VPC and its endpoints do not let through. */
export async function reachFaults(templates: Templates, needs: readonly Need[]): Promise<string[]> {
  const endpoints = resourcesOf(templates, 'AWS::EC2::VPCEndpoint').map(
    ({ where, resource, template }) => ({
      where,
      service: textOf(resource.Properties?.['ServiceName'], template).replace(
        'com.amazonaws.ap-southeast-1.',
        '',
      ),
    }),
  );
  const missing = Object.values(endpointsOf)
    .flat()
    .filter((service) => !endpoints.some((each) => each.service === service));
  const statements = statementsOf(templates).filter(
    ({ resource: { Type } }) => Type === 'AWS::EC2::VPCEndpoint',
  );
  const allowed = await Promise.all(
    statements.map(async (each) => ({
      endpoint: endpoints.find(({ where }) => each.where.startsWith(where))?.service,
      actions: new Set((await Promise.all(asList(each.statement.Action).map(actionsOf))).flat()),
      resources: resourcesIn(each),
    })),
  );
  const closed = needs.flatMap((need) =>
    endpointsFor(need.action)
      .filter(
        (service) =>
          !allowed.some(
            ({ endpoint, actions, resources }) =>
              endpoint === service &&
              actions.has(need.action) &&
              resources.some((each) => globCovers(each, need.resource)),
          ),
      )
      .map((service) => ({ ...need, service })),
  );
  return [
    ...missing.map((service) => `the VPC has no endpoint of ${service}`),
    ...closed.map(
      ({ who, action, resource, service }) =>
        `${who}: the endpoint of ${service} does not let ${action} reach ${resource}`,
    ),
  ];
}
