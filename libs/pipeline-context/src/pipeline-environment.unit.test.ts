import { readEnvironment } from './pipeline-environment';

it('has a default port of ecr-local', () => {
  expect(readEnvironment({})).toMatchObject({ ecrLocalPort: 5100, region: undefined });
});

it('ignores empty variables', () => {
  expect(readEnvironment({ ECR_LOCAL_PORT: '', AWS_REGION: '' })).toMatchObject({
    ecrLocalPort: 5100,
    region: undefined,
  });
});

it.each(['abc', '0', '70000', '51.5'])('rejects the port "%s"', (ECR_LOCAL_PORT) => {
  expect(() => readEnvironment({ ECR_LOCAL_PORT })).toThrow(
    expect.objectContaining({
      code: 'ENVIRONMENT_INVALID',
      message: expect.stringContaining(`Invalid ECR_LOCAL_PORT "${ECR_LOCAL_PORT}"`),
    }),
  );
});

it('prefers AWS_REGION and the commit of CodeBuild', () => {
  const environment = readEnvironment({
    AWS_REGION: 'eu-west-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    CODEBUILD_RESOLVED_SOURCE_VERSION: 'aaaaaaa',
    GITHUB_SHA: 'bbbbbbb',
  });
  expect(environment).toMatchObject({ region: 'eu-west-1', ci: { commit: 'aaaaaaa' } });
});

it('removes the signing key from the variables of started programs', () => {
  const { signingKey, variables } = readEnvironment({ IMAGE_SIGNING_KEY: 'secret', PATH: '/bin' });
  expect(signingKey).toBe('secret');
  expect(variables).toEqual({ PATH: '/bin' });
});

describe('ci', () => {
  const github = {
    GITHUB_ACTIONS: 'true',
    GITHUB_REPOSITORY: 'team/app',
    GITHUB_RUN_ID: '99',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_WORKFLOW_REF: 'team/app/.github/workflows/deliver.yml@refs/heads/main',
  };
  const source = (variables: Record<string, string>) => readEnvironment(variables).ci.source;

  it.each([
    [{ GITHUB_REF: 'refs/heads/feature/x' }, { branch: 'feature/x' }],
    [{ GITHUB_REF: 'refs/tags/v1.0.0' }, { gitTag: 'v1.0.0' }],
    [{ GITHUB_REF: 'refs/pull/12/merge', GITHUB_HEAD_REF: 'main' }, { pr: '12' }],
    [{ GITHUB_REF: 'refs/heads/main', GITHUB_HEAD_REF: 'main' }, {}],
  ])('reads the source of %j from GitHub', (variables, expected) => {
    expect(source({ ...github, ...variables })).toEqual({ run: '7', ...expected });
  });

  it('reads workflow and attempt from GitHub', () => {
    expect(readEnvironment({ ...github, GITHUB_RUN_ATTEMPT: '2' }).ci.run).toEqual({
      builderId: 'https://github.com/team/app/.github/workflows/deliver.yml@refs/heads/main',
      invocationId: 'https://github.com/team/app/actions/runs/99/attempts/2',
      url: 'https://github.com/team/app/actions/runs/99',
    });
  });

  const codebuild = {
    CODEBUILD_BUILD_ARN: 'arn:aws:codebuild:eu-west-1:123456789012:build/images:abc-def',
    CODEBUILD_BUILD_NUMBER: '5',
  };

  it.each([
    [{ CODEBUILD_WEBHOOK_TRIGGER: 'branch/feature/x' }, { branch: 'feature/x' }],
    [
      { CODEBUILD_WEBHOOK_TRIGGER: 'pr/12', CODEBUILD_WEBHOOK_HEAD_REF: 'refs/heads/x' },
      { pr: '12' },
    ],
    [{ CODEBUILD_WEBHOOK_TRIGGER: 'tag/v1' }, { gitTag: 'v1' }],
    [{}, {}],
  ])('reads the source of %j from CodeBuild', (variables, expected) => {
    expect(source({ ...codebuild, ...variables })).toEqual({ run: '5', ...expected });
  });

  it('reads project and build from CodeBuild', () => {
    expect(readEnvironment(codebuild).ci.run).toMatchObject({
      builderId: 'arn:aws:codebuild:eu-west-1:123456789012:project/images',
      invocationId: codebuild.CODEBUILD_BUILD_ARN,
    });
  });
});
