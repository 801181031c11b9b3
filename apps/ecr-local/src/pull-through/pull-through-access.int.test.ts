import { CreatePullThroughCacheRuleCommand } from '@aws-sdk/client-ecr';
import {
  type ControlledServer,
  region,
  repositoryName,
  startControlledServer,
} from '../access/test/controlled-server';
import { account, otherAccount } from '../access/test/principals';

let server: ControlledServer;
beforeEach(async () => {
  server = await startControlledServer();
});
afterEach(() => server.close());

const createRule = (who: string, of = account) =>
  server.ecrOf(who).send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: 'copy',
      upstreamRegistryUrl: `${of}.dkr.ecr.${region}.amazonaws.com`,
      upstreamRepositoryPrefix: 'team',
    }),
  );

describe('a pull through cache rule for an ECR of this process, with access control', () => {
  it('pulls from another repository of the account with the service-linked role', async () => {
    await createRule('admin');
    const v2 = await server.protocolOf('admin');
    expect((await v2('/v2/copy/app/manifests/v1')).status).toBe(200);
  });

  it('pulls from another account only if the policy of the repository allows it', async () => {
    await createRule('outsider');
    const v2 = await server.protocolOf('outsider');
    expect((await v2('/v2/copy/app/manifests/v1')).status).toBe(404);
    await server.setPolicy(
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${otherAccount}:root` },
        Action: [
          'ecr:BatchGetImage',
          'ecr:GetDownloadUrlForLayer',
          'ecr:BatchCheckLayerAvailability',
        ],
      },
      repositoryName,
    );
    expect((await v2('/v2/copy/app/manifests/v1')).status).toBe(200);
  });
});
