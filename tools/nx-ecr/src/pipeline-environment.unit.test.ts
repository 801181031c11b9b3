import { readEnvironment } from './pipeline-environment';

it('has a port of ecr-local without any variable', () => {
  expect(readEnvironment({})).toMatchObject({ ecrLocalPort: 5100, region: undefined });
});

it('takes an empty variable for one that is not set', () => {
  expect(readEnvironment({ ECR_LOCAL_PORT: '', AWS_REGION: '' })).toMatchObject({
    ecrLocalPort: 5100,
    region: undefined,
  });
});

it.each(['abc', '0', '70000', '51.5'])('refuses the port "%s" by name', (ECR_LOCAL_PORT) => {
  expect(() => readEnvironment({ ECR_LOCAL_PORT })).toThrow(
    expect.objectContaining({
      code: 'ENVIRONMENT_INVALID',
      message: expect.stringContaining(`ECR_LOCAL_PORT is "${ECR_LOCAL_PORT}"`),
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
  expect(environment).toMatchObject({ region: 'eu-west-1', ciCommit: 'aaaaaaa' });
});
