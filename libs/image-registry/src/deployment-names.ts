import { type Environment } from './environment';
import { type RegistryConfig } from './registry-config';

/** The names under which a registry is deployed, the same for who deploys and for who looks on. */
export interface DeploymentNames {
  /** The namespace as one word: what the names below start with. */
  readonly project: string;
  /** The stack with the roles that push and pull. */
  readonly accessStack: string;
  /** The stack with a service's repository. */
  readonly serviceStack: (service: string) => string;
  readonly pushRole: string;
  readonly pullRole: string;
}

/** @param registry The workspace's registry.json. */
export function deploymentNames(
  registry: RegistryConfig,
  environment: Environment,
): DeploymentNames {
  // Stacks and roles are named with letters, digits and hyphens.
  const project = registry.namespace.replace(/[^a-z0-9]+/g, '-');
  const prefix = `${project}-${environment}-registry`;
  return {
    project,
    accessStack: `${prefix}-access`,
    serviceStack: (service) => `${prefix}-${service}`,
    pushRole: `${prefix}-push`,
    pullRole: `${prefix}-pull`,
  };
}
