import { type Environment } from './environment';
import { type RegistryConfig } from './registry-config';

/** What a registry has a stack for beside its services. */
export const registryConcerns = [
  'access',
  'network',
  'alerts',
  'delivery',
  'scanning',
  'monitoring',
  'cost',
] as const;

export type RegistryConcern = (typeof registryConcerns)[number];

/** The names under which a registry is deployed, the same for who deploys and for who looks on. */
export interface DeploymentNames {
  /** The namespace as one word: what the names below start with. */
  readonly project: string;
  /** The stack with the roles that push and pull. */
  readonly accessStack: string;
  /** The stack of a concern of the whole registry. */
  readonly concernStack: (concern: RegistryConcern) => string;
  /** The stack with a service's repository. */
  readonly serviceStack: (service: string) => string;
  readonly pushRole: string;
  readonly pullRole: string;
  /** The role that GitHub Actions pushes with, where one is configured. */
  readonly githubRole: string;
  /** What the names of the SSM parameters start with: `/typerush/prod/registry`. */
  readonly parameterPath: string;
  /** The SSM parameter with the URI or the ARN of a service's repository. */
  readonly parameter: (service: string, what: 'uri' | 'arn') => string;
}

/** @param registry The workspace's registry.json. */
export function deploymentNames(
  registry: RegistryConfig,
  environment: Environment,
): DeploymentNames {
  const project = word(registry.namespace);
  const prefix = `${project}-${environment}-registry`;
  const parameterPath = `/${project}/${environment}/registry`;
  return {
    project,
    accessStack: `${prefix}-access`,
    concernStack: (concern) => `${prefix}-${concern}`,
    serviceStack: (service) => `${prefix}-${word(service)}`,
    pushRole: `${prefix}-push`,
    pullRole: `${prefix}-pull`,
    githubRole: `${prefix}-github`,
    parameterPath,
    parameter: (service, what) => `${parameterPath}/${word(service)}/${what}`,
  };
}

/** Stacks and roles are named with letters, digits and hyphens: a project may be called `@acme/web`. */
const word = (name: string) =>
  name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '').replace(/[^A-Za-z0-9]+/g, '-');
