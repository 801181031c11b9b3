import { type GithubSource } from '@typerush/infra-ecr';
import {
  DeployRole,
  RunServices,
  type RunService,
  type RunServicesProps,
} from '@typerush/infra-run';
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib/core';
import { type Construct } from 'constructs';
import { lastCommitParameter } from './delivery-stack';
import { type RegistryContext } from '../registry-context';

export interface RunStackProps extends StackProps {
  readonly run: RunServicesProps;
  readonly deployRoleName: string;
  /** The SSM parameter with the last delivered commit. @default - there is no delivery */
  readonly lastCommitParameter?: string;
  /** The workflows of GitHub Actions that deploy. @default - none */
  readonly github?: GithubSource & { readonly roleName: string };
}

/** The services, which run the images whose digests its parameters contain. */
export class RunStack extends Stack {
  constructor(scope: Construct, id: string, props: RunStackProps) {
    super(scope, id, props);
    const { dnsName, deploymentStatements, families } = new RunServices(this, 'Run', props.run);
    const { githubRole } = new DeployRole(this, 'Deploy', {
      roleName: props.deployRoleName,
      lastCommitParameter: props.lastCommitParameter,
      github: props.github,
      statements: deploymentStatements,
      families,
    });
    if (githubRole) new CfnOutput(this, 'GithubRoleArn', { value: githubRole.roleArn });
    new CfnOutput(this, 'LoadBalancerName', { value: dnsName });
  }
}

/**
 * None unless `run` is set. It is deployed after the stacks of the registry and after the images that its parameters name,
 * and so depends on none of them: `infra:deploy` has the order.
 */
export function addRunStack(scope: Construct, context: RegistryContext): RunStack | undefined {
  const { names, environment, settings } = context;
  if (!settings.run) return undefined;
  return new RunStack(scope, names.runStack, {
    description: `The services of ${names.project} (${environment})`,
    deployRoleName: names.deployRole,
    lastCommitParameter: settings.delivery && lastCommitParameter(context),
    github: settings.github && {
      environment,
      ...settings.github,
      // The access stack has the provider.
      createProvider: false,
      roleName: names.githubDeployRole,
    },
    run: {
      ...settings.run,
      project: names.cluster,
      protect: environment === 'prod',
      services: runServices(context),
    },
  });
}

/** The services of `run`, each with what its image.json declares: assertSettings found one for each. */
export function runServices({ settings: { run }, repositories }: RegistryContext): RunService[] {
  return Object.entries(run?.services ?? {}).flatMap(([name, service]) => {
    const declared = repositories.find((each) => each.service === name);
    if (!declared?.container) return [];
    const { container, repositoryName, platforms } = declared;
    return [{ ...service, ...container, name, repositoryName, platform: platforms?.[0] }];
  });
}
