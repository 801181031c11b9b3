import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeregisterPullTimeUpdateExclusionCommand,
  DescribeImagesCommand,
  type ECRClient,
  RegisterPullTimeUpdateExclusionCommand,
} from '@aws-sdk/client-ecr';
import {
  type ControlledServer,
  repositoryName,
  roleArn,
  startControlledServer,
  userArn,
} from '../access/test/controlled-server';
import { startLocalServer } from '../test/local-server';
import { pushSample } from '../test/sample-images';

const imageIds = [{ imageTag: 'v1' }];
const lastPull = async (client: ECRClient) => {
  const { imageDetails } = await client.send(new DescribeImagesCommand({ repositoryName }));
  return imageDetails?.[0]?.lastRecordedPullTime;
};

// https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-time-update-exclusions.html
describe('the time of the last pull', () => {
  let server: ControlledServer;
  beforeEach(async () => {
    server = await startControlledServer();
    for (const principalArn of [roleArn('ci/push'), userArn('puller')]) {
      await server
        .ecrOf('admin')
        .send(new RegisterPullTimeUpdateExclusionCommand({ principalArn }));
    }
  });
  afterEach(() => server.close());

  it('stays if an excluded user or a session of an excluded role pulls', async () => {
    const session = await server.assume('nobody', 'ci/push');
    for (const who of ['puller', session]) {
      const v2 = await server.protocolOf(who);
      expect((await v2(`/v2/${repositoryName}/manifests/v1`)).status).toBe(200);
      const get = new BatchGetImageCommand({ repositoryName, imageIds });
      expect((await server.ecrOf(who).send(get)).images).toHaveLength(1);
    }
    expect(await lastPull(server.ecrOf('admin'))).toBeUndefined();
  });

  it('is that of a pull by anybody else, and by a user that is no longer excluded', async () => {
    const pull = async (who: string) =>
      (await server.protocolOf(who))(`/v2/${repositoryName}/manifests/v1`);
    await pull('admin');
    const first = await lastPull(server.ecrOf('admin'));
    expect(first).toBeDefined();
    server.passHours(1);
    await pull('puller');
    expect(await lastPull(server.ecrOf('admin'))).toEqual(first);
    const principalArn = userArn('puller');
    await server
      .ecrOf('admin')
      .send(new DeregisterPullTimeUpdateExclusionCommand({ principalArn }));
    await pull('puller');
    expect(await lastPull(server.ecrOf('admin'))).not.toEqual(first);
  });
});

describe('the time of the last pull without access control', () => {
  it('stays if the only user is excluded', async () => {
    const server = await startLocalServer();
    await server.client.send(new CreateRepositoryCommand({ repositoryName }));
    await pushSample(server.v2, repositoryName, 'v1');
    const principalArn = userArn('local');
    await server.client.send(new RegisterPullTimeUpdateExclusionCommand({ principalArn }));
    await server.v2(`/v2/${repositoryName}/manifests/v1`);
    expect(await lastPull(server.client)).toBeUndefined();
    await server.close();
  });
});
