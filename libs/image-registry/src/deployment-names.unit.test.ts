import { deploymentNames, digestParameter } from './index';

describe('the names of a deployment', () => {
  it('contain project, environment and part', () => {
    const names = deploymentNames({ namespace: 'typerush', naming: 'shared' }, 'staging');
    expect({
      ...names,
      supportingStack: names.supportingStack('delivery'),
      serviceStack: names.serviceStack('game-service'),
      parameter: names.parameter('game-service', 'uri'),
    }).toEqual({
      project: 'typerush',
      accessStack: 'typerush-staging-registry-access',
      serviceStack: 'typerush-staging-registry-game-service',
      pushRole: 'typerush-staging-registry-push',
      supportingStack: 'typerush-staging-registry-delivery',
      pullRole: 'typerush-staging-registry-pull',
      githubRole: 'typerush-staging-registry-github',
      runStack: 'typerush-staging-run',
      pipelineStack: 'typerush-staging-run-pipeline',
      deployRole: 'typerush-staging-run-deploy',
      githubDeployRole: 'typerush-staging-run-github',
      cluster: 'typerush-staging',
      parameterPath: '/typerush/staging/registry',
      parameter: '/typerush/staging/registry/game-service/uri',
    });
  });

  it('contain a parameter for the digest of a service that runs', () => {
    expect(digestParameter('game-service')).toBe('GameServiceDigest');
    expect(digestParameter('@acme/web')).toBe('AcmeWebDigest');
  });

  it('contain no character of a package name that a stack name must not contain', () => {
    const names = deploymentNames({ namespace: 'acme', naming: 'shared' }, 'dev');
    expect(names.serviceStack('@acme/web')).toBe('acme-dev-registry-acme-web');
    expect(names.parameter('@acme/web', 'arn')).toBe('/acme/dev/registry/acme-web/arn');
  });

  it('contain no character of a namespace that a stack name must not contain', () => {
    const { accessStack } = deploymentNames({ namespace: 'org/team_a.b', naming: 'shared' }, 'dev');
    expect(accessStack).toBe('org-team-a-b-dev-registry-access');
  });
});
