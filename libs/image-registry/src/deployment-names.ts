import { type Environment } from './environment';
import { type RegistryConfig } from './registry-config';

/** The stacks of a registry besides those of its services. */
export const supportingStacks = [
  'access',
  'pull-through-cache',
  'network',
  'alerts',
  'delivery',
  'scanning',
  'monitoring',
  'cost',
] as const;

export type SupportingStack = (typeof supportingStacks)[number];

/** The names of a deployed registry, shared by the code that deploys it and the code that reads it. */
export interface DeploymentNames {
  /** The namespace as one word: the prefix of the names below. */
  readonly project: string;
  /** The stack with the roles that push and pull. */
  readonly accessStack: string;
  /** The stack with this part of the whole registry. */
  readonly supportingStack: (part: SupportingStack) => string;
  /** The stack with a service's repository. */
  readonly serviceStack: (service: string) => string;
  readonly pushRole: string;
  readonly pullRole: string;
  /** The role that GitHub Actions pushes with, if one is configured. */
  readonly githubRole: string;
  /** The stack that runs the services, if `run` is set. */
  readonly runStack: string;
  /** The stack with the pipeline that deploys the services, if one is set. */
  readonly pipelineStack: string;
  /** The role that a pipeline deploys the services with, without its region; `githubDeployRole` is that of GitHub Actions. */
  readonly deployRole: string;
  readonly githubDeployRole: string;
  /** The ECS cluster of that stack. */
  readonly cluster: string;
  /** The prefix of the SSM parameters: `/typerush/prod/registry`. */
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
    supportingStack: (part) => `${prefix}-${part}`,
    serviceStack: (service) => `${prefix}-${word(service)}`,
    pushRole: `${prefix}-push`,
    pullRole: `${prefix}-pull`,
    githubRole: `${prefix}-github`,
    runStack: `${project}-${environment}-run`,
    pipelineStack: `${project}-${environment}-run-pipeline`,
    deployRole: `${project}-${environment}-run-deploy`,
    githubDeployRole: `${project}-${environment}-run-github`,
    cluster: `${project}-${environment}`,
    parameterPath,
    parameter: (service, what) => `${parameterPath}/${word(service)}/${what}`,
  };
}

/** The parameter of the run stack with the digest of a service's image; parameters are named with letters and digits. */
export const digestParameter = (service: string): string =>
  `${word(service)
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')}Digest`;

/** The family of the task definitions of a service. */
export const taskFamily = (cluster: string, service: string): string => `${cluster}-${service}`;

/** Stacks and roles are named with letters, digits and hyphens: a project may be called `@acme/web`. */
const word = (name: string) =>
  name.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '').replace(/[^A-Za-z0-9]+/g, '-');
