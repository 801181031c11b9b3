import { localCredentials, LocalRegistry } from './support/local-registry';
import { runOk } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const repositories = ['typerush/game-service', 'typerush/record-service'];

const ofRepository = (name: string) => ['--repository-name', name];

describe('the AWS CLI, unchanged, against the local ECR', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
    await workspace.nxOk(
      ['run-many', '-t', 'docker-push', '-c', 'local', '--engine=oci'],
      registry.env,
    );
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  const aws = async (...args: string[]) => {
    const all = [...args, '--endpoint-url', registry.url, '--output', 'json'];
    const stdout = await runOk('aws', all, {
      env: {
        AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
        AWS_DEFAULT_REGION: 'ap-southeast-1',
        AWS_PAGER: '',
      },
    });
    return JSON.parse(stdout);
  };

  it('describes the repositories as declared', async () => {
    const { repositories: described } = await aws('ecr', 'describe-repositories');
    expect(
      described.map(({ repositoryName }: { repositoryName: string }) => repositoryName),
    ).toEqual(expect.arrayContaining(repositories));
    for (const repository of described) {
      expect(repository).toMatchObject({
        imageTagMutability: 'MUTABLE',
        imageScanningConfiguration: { scanOnPush: true },
        encryptionConfiguration: { encryptionType: 'AES256' },
      });
    }
  });

  it.each(repositories)(
    'shows a lifecycle policy of %s whose rules have one prefix each, because ECR combines several with AND',
    async (name) => {
      const answer = await aws('ecr', 'get-lifecycle-policy', '--repository-name', name);
      const { rules } = JSON.parse(answer.lifecyclePolicyText);
      for (const { selection } of rules) {
        expect(
          [...(selection.tagPrefixList ?? []), ...(selection.tagPatternList ?? [])].length,
        ).toBe(selection.tagStatus === 'tagged' ? 1 : 0);
      }
      expect(
        rules
          .map((rule: { selection: { tagPrefixList?: string[] } }) => rule.selection.tagPrefixList)
          .flat(),
      ).toEqual(expect.arrayContaining(['dev']));
    },
  );

  it.each(repositories)(
    'shows a repository policy of %s that allows only two roles',
    async (name) => {
      const answer = await aws('ecr', 'get-repository-policy', '--repository-name', name);
      const { Statement: statements } = JSON.parse(answer.policyText);
      const principals = statements.map((statement: { Principal: unknown }) => statement.Principal);
      expect(JSON.stringify(principals)).not.toContain('"*"');
      expect(principals.map(({ AWS }: { AWS: string }) => AWS).flat()).toEqual([
        expect.stringMatching(/^arn:aws:iam::000000000000:role\//),
        expect.stringMatching(/^arn:aws:iam::000000000000:role\//),
      ]);
    },
  );

  it.each(repositories)(
    'describes the image of %s with its tags, digest and size',
    async (name) => {
      const tagged = [...ofRepository(name), '--filter', 'tagStatus=TAGGED'];
      const { imageDetails } = await aws('ecr', 'describe-images', ...tagged);
      expect(imageDetails).toEqual([
        expect.objectContaining({
          imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
          imageTags: expect.arrayContaining(['latest']),
          imageSizeInBytes: expect.any(Number),
          imagePushedAt: expect.anything(),
        }),
      ]);
      const { imageIds } = await aws('ecr', 'list-images', ...tagged);
      expect(imageIds.map(({ imageTag }: { imageTag: string }) => imageTag).sort()).toEqual(
        [...imageDetails[0].imageTags].sort(),
      );
    },
  );

  it.each(repositories)('describes the referrers of the image of %s', async (name) => {
    const untagged = [...ofRepository(name), '--filter', 'tagStatus=UNTAGGED'];
    const { imageDetails } = await aws('ecr', 'describe-images', ...untagged);
    const types = imageDetails.map((one: { artifactMediaType: string }) => one.artifactMediaType);
    expect(types.sort()).toEqual([
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
    ]);
  });

  it('gets an authorization token that the registry accepts', async () => {
    const { authorizationData } = await aws('ecr', 'get-authorization-token');
    const [user, password] = Buffer.from(authorizationData[0].authorizationToken, 'base64')
      .toString()
      .split(':');
    expect(user).toBe('AWS');
    const answer = await fetch(`${registry.url}/v2/`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
    });
    expect(answer.status).toBe(200);
    expect((await fetch(`${registry.url}/v2/`)).status).toBe(401);
  });

  it('describes the deployed stacks', async () => {
    const { Stacks: stacks } = await aws('cloudformation', 'describe-stacks');
    expect(stacks.length).toBeGreaterThanOrEqual(3);
    for (const { StackStatus } of stacks) expect(StackStatus).toMatch(/_COMPLETE$/);
  });

  it('returns the identity of the caller', async () => {
    expect(await aws('sts', 'get-caller-identity')).toMatchObject({ Account: '000000000000' });
  });
});
