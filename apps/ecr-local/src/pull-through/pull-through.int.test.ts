import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreatePullThroughCacheRuleCommand,
  CreateRepositoryCommand,
  CreateRepositoryCreationTemplateCommand,
  type CreateRepositoryCreationTemplateCommandInput,
  DescribeImagesCommand,
  DescribeRepositoriesCommand,
  ECRClient,
  ListTagsForResourceCommand,
  ValidatePullThroughCacheRuleCommand,
} from '@aws-sdk/client-ecr';
import { type EventBridgeEvent } from '../events/event';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  indexType,
  pushSample,
  putManifest,
  sampleImage,
  sampleIndex,
} from '../test/sample-images';

const secret =
  'arn:aws:secretsmanager:us-east-1:000000000000:secret:ecr-pullthroughcache/hub-a1B2c3';
const upstreams = new Map<string, string>();

let folder: string;
let upstream: LocalServer;
let cache: LocalServer;
let closers: (() => Promise<unknown>)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pull-through-'));
  upstream = await startLocalServer();
  upstreams.set('registry-1.docker.io', upstream.url).set('quay.io', upstream.url);
  closers = [upstream.close];
  await writeSecret();
  await startCache();
  await upstream.client.send(new CreateRepositoryCommand({ repositoryName: 'library/node' }));
});
afterEach(async () => {
  for (const close of closers) await close();
  await rm(folder, { recursive: true });
});

async function startCache(options: Parameters<typeof startLocalServer>[0] = {}) {
  const secretsFile = join(folder, 'secrets.json');
  cache = await startLocalServer({ upstreamAddresses: upstreams, secretsFile, ...options });
  closers.unshift(cache.close);
  await cache.client.send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: 'hub',
      upstreamRegistryUrl: 'registry-1.docker.io',
      credentialArn: secret,
    }),
  );
}

const events = async () => {
  const lines = (await (await fetch(`${cache.url}/_local/events`)).text()).split('\n');
  return lines
    .filter((line) => line.includes('ECR Pull Through Cache Action'))
    .map((line) => JSON.parse(line) as EventBridgeEvent);
};

/** What `aws ecr get-login-password` prints at the upstream, or another text, as the access token. */
async function writeSecret(accessToken?: string) {
  const { authorizationData } = await upstream.ecr.getAuthorizationToken({});
  const login = Buffer.from(authorizationData[0]?.authorizationToken ?? '', 'base64').toString();
  const token = accessToken ?? login.replace('AWS:', '');
  const secrets = { 'ecr-pullthroughcache/hub': { username: 'AWS', accessToken: token } };
  await writeFile(join(folder, 'secrets.json'), JSON.stringify(secrets));
}

/** An upstream of its own for one test. */
async function serve(listener: RequestListener): Promise<string> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const pull = (reference: string, name = 'hub/library/node') =>
  cache.v2(`/v2/${name}/manifests/${reference}`);

const createQuayRule = () =>
  cache.client.send(
    new CreatePullThroughCacheRuleCommand({
      ecrRepositoryPrefix: 'quay',
      upstreamRegistryUrl: 'quay.io',
    }),
  );

describe('a pull of an image that is not cached', () => {
  it('creates the repository and fetches the image with its blobs', async () => {
    const { manifest, layer, config } = await pushSample(upstream.v2, 'library/node', 'v1');
    const pulled = await pull('v1');
    expect(pulled.status).toBe(200);
    expect(Buffer.from(await pulled.arrayBuffer())).toEqual(manifest.bytes);
    for (const blob of [layer, config]) {
      const got = await cache.v2(`/v2/hub/library/node/blobs/${blob.digest}`);
      expect(Buffer.from(await got.arrayBuffer())).toEqual(blob.bytes);
    }
    const { repositories } = await cache.client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toMatchObject([
      { repositoryName: 'hub/library/node', imageTagMutability: 'MUTABLE' },
    ]);
  });

  const pushIndex = async () => {
    const images = await Promise.all(
      ['amd64', 'arm64'].map((tag) => pushSample(upstream.v2, 'library/node', tag)),
    );
    const index = sampleIndex(...images);
    await putManifest(upstream.v2, 'library/node', 'multi', index, indexType);
    return [index, ...images.map(({ manifest }) => manifest)];
  };

  it('fetches an index with all its images, but not by a digest, as users of ECR report', async () => {
    const digests = (await pushIndex()).map(({ digest }) => digest);
    for (const digest of digests) expect((await pull(digest)).status).toBe(404);
    expect((await pull('multi')).status).toBe(200);
    for (const digest of digests) expect((await pull(digest)).status).toBe(200);
  });

  it('fetches an index by its digest with ECR_LOCAL_PROTOCOL=oci', async () => {
    await startCache({ protocol: 'oci' });
    for (const { digest } of await pushIndex()) expect((await pull(digest)).status).toBe(200);
  });

  const createTemplate = (template: Partial<CreateRepositoryCreationTemplateCommandInput>) =>
    cache.client.send(
      new CreateRepositoryCreationTemplateCommand({
        prefix: 'hub',
        appliedFor: ['PULL_THROUGH_CACHE'],
        ...template,
      }),
    );

  it('takes the settings of the repository creation template', async () => {
    const resourceTags = [{ Key: 'team', Value: 'a' }];
    const customRoleArn = 'arn:aws:iam::000000000000:role/creation';
    await createTemplate({ imageTagMutability: 'IMMUTABLE', resourceTags, customRoleArn });
    await pushSample(upstream.v2, 'library/node', 'v1');
    expect((await pull('v1')).status).toBe(200);
    const { repositories = [] } = await cache.client.send(new DescribeRepositoriesCommand({}));
    expect(repositories[0]).toMatchObject({ imageTagMutability: 'IMMUTABLE' });
    const resourceArn = repositories[0]?.repositoryArn;
    const { tags } = await cache.client.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual(resourceTags);
  });

  it.each([
    { resourceTags: [{ Key: 'team', Value: 'a' }] },
    { encryptionConfiguration: { encryptionType: 'KMS' as const } },
  ])('fails by a template with %j that names no role', async (template) => {
    await createTemplate(template);
    await pushSample(upstream.v2, 'library/node', 'v1');
    expect((await pull('v1')).status).toBe(404);
    expect((await events())[0]?.detail).toMatchObject({
      'sync-status': 'FAILED',
      'failure-reason': expect.stringContaining('it needs a customRoleArn'),
    });
  });

  it('publishes an event in the form of the documented sample', async () => {
    const { manifest } = await pushSample(upstream.v2, 'library/node', 'v1');
    await pull('v1');
    await pull('v1');
    const about = {
      'rule-version': '1',
      'ecr-repository-prefix': 'hub',
      'repository-name': 'hub/library/node',
      'upstream-registry-url': 'registry-1.docker.io',
    };
    expect(await events()).toMatchObject([
      {
        source: 'aws.ecr',
        account: '000000000000',
        region: 'ap-southeast-1',
        resources: ['arn:aws:ecr:ap-southeast-1:000000000000:repository/hub/library/node'],
        detail: {
          ...about,
          'sync-status': 'SUCCESS',
          'image-tag': 'v1',
          'image-digest': manifest.digest,
        },
      },
    ]);
    await pull('none');
    expect((await events())[1]?.detail).toEqual({
      ...about,
      'sync-status': 'FAILED',
      'image-tag': 'none',
      'failure-code': 'UnableToGetUpstreamImage',
      'failure-reason': 'the upstream has no image library/node:none',
    });
  });

  it('fetches an image once for clients that pull it at the same time', async () => {
    await pushSample(upstream.v2, 'library/node', 'v1');
    const pulls = await Promise.all(Array.from({ length: 8 }, () => pull('v1')));
    expect(pulls.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
  });

  it('finds nothing, and creates nothing, if the upstream lacks it', async () => {
    expect((await pull('none')).status).toBe(404);
    expect((await pull('v1', 'hub/no/such')).status).toBe(404);
    expect((await pull('v1', 'library/node')).status).toBe(404);
    const { repositories } = await cache.client.send(new DescribeRepositoriesCommand({}));
    expect(repositories).toEqual([]);
  });

  it('fetches from a registry of this process if the upstream is an ECR that has no other address', async () => {
    await cache.client.send(new CreateRepositoryCommand({ repositoryName: 'own/app' }));
    await pushSample(cache.v2, 'own/app', 'v1');
    await cache.client.send(
      new CreatePullThroughCacheRuleCommand({
        ecrRepositoryPrefix: 'copy',
        upstreamRegistryUrl: '000000000000.dkr.ecr.ap-southeast-1.amazonaws.com',
        upstreamRepositoryPrefix: 'own',
      }),
    );
    expect((await pull('v1', 'copy/app')).status).toBe(200);
  });
});

describe('a cached tag', () => {
  const digestOf = async () => (await pull('v1')).headers.get('docker-content-digest');

  it('is compared with the upstream again after a day', async () => {
    const first = await pushSample(upstream.v2, 'library/node', 'v1', 'first');
    expect(await digestOf()).toBe(first.manifest.digest);
    const second = await pushSample(upstream.v2, 'library/node', 'v1', 'second');
    cache.passHours(23);
    expect(await digestOf()).toBe(first.manifest.digest);
    cache.passHours(1);
    expect(await digestOf()).toBe(second.manifest.digest);
    const { imageDetails } = await cache.client.send(
      new DescribeImagesCommand({ repositoryName: 'hub/library/node' }),
    );
    expect(imageDetails?.map(({ imageTags = [] }) => imageTags.length).sort()).toEqual([0, 1]);
  });

  it('is pulled while the upstream is unreachable, and while its credentials are wrong', async () => {
    const { manifest } = await pushSample(upstream.v2, 'library/node', 'v1');
    expect(await digestOf()).toBe(manifest.digest);
    cache.passHours(24);
    await writeSecret('wrong');
    expect(await digestOf()).toBe(manifest.digest);
    upstreams.set('registry-1.docker.io', 'http://127.0.0.1:1');
    expect(await digestOf()).toBe(manifest.digest);
  });

  it('stays if it is immutable and the upstream moves it', async () => {
    await cache.client.send(
      new CreateRepositoryCommand({
        repositoryName: 'hub/library/node',
        imageTagMutability: 'IMMUTABLE',
      }),
    );
    const first = await pushSample(upstream.v2, 'library/node', 'v1', 'first');
    expect(await digestOf()).toBe(first.manifest.digest);
    await pushSample(upstream.v2, 'library/node', 'v1', 'second');
    cache.passHours(24);
    expect(await digestOf()).toBe(first.manifest.digest);
  });
});

describe('an upstream that cannot be trusted', () => {
  const image = sampleImage('lie');
  const answer =
    (
      files: Readonly<Record<string, Buffer>>,
      headers: Record<string, string> = {},
    ): RequestListener =>
    (request, response) => {
      const body = files[(request.url ?? '').replace('/v2/app/', '')];
      response.statusCode = body ? 200 : 404;
      response.setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json');
      response.setHeader('docker-content-digest', image.manifest.digest);
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      response.end(request.method === 'HEAD' ? undefined : body);
    };
  const { bytes, digest } = image.manifest;
  const honest = {
    'manifests/v1': bytes,
    [`manifests/${digest}`]: bytes,
    [`blobs/${image.config.digest}`]: image.config.bytes,
    [`blobs/${image.layer.digest}`]: image.layer.bytes,
  };

  const pullFrom = async (listener: RequestListener) => {
    upstreams.set('quay.io', await serve(listener));
    await createQuayRule();
    return pull('v1', 'quay/app');
  };

  it('is believed if it does not lie', async () => {
    expect((await pullFrom(answer(honest))).status).toBe(200);
  });

  it.each([
    ['a manifest', { ...honest, [`manifests/${digest}`]: Buffer.from('{}') }],
    ['a blob', { ...honest, [`blobs/${image.layer.digest}`]: Buffer.from('layer of LIE') }],
    ['a longer blob', { ...honest, [`blobs/${image.layer.digest}`]: Buffer.alloc(1e6) }],
    ['a huge manifest', { ...honest, [`manifests/${digest}`]: Buffer.alloc(5 * 1024 * 1024, ' ') }],
  ])('is rejected when it returns other bytes for %s', async (_what, files) => {
    expect((await pullFrom(answer(files))).status).toBe(404);
    expect((await cache.v2(`/v2/quay/app/blobs/${image.layer.digest}`)).status).toBe(404);
  });
});

describe('caches that refer to each other', () => {
  const inRegion = async (region: string, upstreamRegion: string) => {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new ECRClient({ endpoint: cache.url, region, credentials });
    closers.unshift(async () => client.destroy());
    await client.send(
      new CreatePullThroughCacheRuleCommand({
        ecrRepositoryPrefix: 'ROOT',
        upstreamRegistryUrl: `000000000000.dkr.ecr.${upstreamRegion}.amazonaws.com`,
      }),
    );
  };

  it('find nothing, rather than wait for each other', async () => {
    await inRegion('ap-southeast-1', 'us-east-1');
    await inRegion('us-east-1', 'eu-west-1');
    await inRegion('eu-west-1', 'us-east-1');
    expect((await pull('v1', 'any/app')).status).toBe(404);
  });

  it('find nothing in themselves', async () => {
    await inRegion('ap-southeast-1', 'ap-southeast-1');
    expect((await pull('v1', 'any/app')).status).toBe(404);
  });
});

describe('ValidatePullThroughCacheRule', () => {
  const validate = () =>
    cache.client.send(new ValidatePullThroughCacheRuleCommand({ ecrRepositoryPrefix: 'hub' }));

  it('logs in to the upstream with the secret', async () => {
    expect(await validate()).toMatchObject({ isValid: true });
  });

  it('says why the secret does not work, and no part of it', async () => {
    await writeSecret('wrong-password');
    const { isValid, failure } = await validate();
    expect(isValid).toBe(false);
    expect(failure).toContain('UNAUTHORIZED');
    expect(failure).not.toContain('wrong-password');
    await writeFile(join(folder, 'secrets.json'), '{"ecr-pullthroughcache/hub": {"username": 1}}');
    expect((await validate()).failure).toContain('has no username and accessToken');
    await writeFile(join(folder, 'secrets.json'), '{"password":');
    expect((await validate()).failure).toContain('cannot be read as a JSON object');
  });
});
