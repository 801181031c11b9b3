import { deploymentNames, type Environment, repositoryName } from '@typerush/image-registry';
import { type Construct } from 'constructs';
import { AccessStack } from './access-stack';
import { assertDistinct } from './service-declaration';
import { ServiceStack } from './service-stack';
import { type Workspace } from './workspace';

/**
 * Adds the stacks of an environment: the roles, and a repository for each service.
 *
 * @throws InfraError and RepositoryNameError before it adds any.
 */
export function addRegistryStacks(
  scope: Construct,
  { registry, services }: Workspace,
  environment: Environment,
): void {
  assertDistinct(services);
  const named = services.map((each) => ({
    ...each,
    repositoryName: repositoryName({ registry, repository: each.repository, environment }),
  }));
  const names = deploymentNames(registry, environment);
  const roles = { pushRoleName: names.pushRole, pullRoleName: names.pullRole };
  const access = new AccessStack(scope, names.accessStack, {
    description: `Who may push and pull the images of ${names.project} (${environment})`,
    roles,
  });
  for (const { service, retention, lambdaFunctions, ...each } of named) {
    const stack = new ServiceStack(scope, names.serviceStack(service), {
      description: `The images of ${service} (${environment})`,
      roles,
      lambdaFunctions,
      repository: {
        repositoryName: each.repositoryName,
        service,
        environment,
        project: names.project,
        retention,
      },
    });
    // The repository's policy names the roles, and ECR refuses a principal that does not exist.
    stack.addStackDependency(access);
  }
}
