import { CreateRepositoryCommand, PutLifecyclePolicyCommand } from '@aws-sdk/client-ecr';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushBlob, pushSample, putManifest, sampleBlob } from '../test/sample-images';

const keepOne = JSON.stringify({
  rules: [
    {
      rulePriority: 1,
      description: 'Keep the last image, whatever its tags are, and expire all others',
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
      action: { type: 'expire' },
    },
  ],
});
const TemplateBody = JSON.stringify({ Resources: { A: { Type: 'AWS::S3::Bucket' } } });

let server: LocalServer;
let full = false;

beforeEach(async () => {
  const storage = createMemoryStorage(() => new Date());
  const append: typeof storage.uploads.append = async (...all) => {
    if (full) throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    return storage.uploads.append(...all);
  };
  const noSpace = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
  const unlessFull =
    <A extends unknown[], R>(write: (...all: A) => Promise<R>) =>
    (...all: A) =>
      full ? Promise.reject(noSpace) : write(...all);
  const { documents, logs, blobs } = storage;
  server = await startLocalServer({
    storage: {
      ...storage,
      documents: { ...documents, put: unlessFull(documents.put) },
      logs: { ...logs, append: unlessFull(logs.append), replace: unlessFull(logs.replace) },
      blobs: { ...blobs, put: unlessFull(blobs.put) },
      uploads: { ...storage.uploads, append },
    },
  });
  await server.client.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
});
afterEach(() => server.close());

describe('a full disk', () => {
  it('is reported as such, and the rejected content can be pushed after space is freed', async () => {
    full = true;
    const refused = await pushBlob(server.v2, 'app', sampleBlob('hello'));
    expect(refused.status).toBe(507);
    expect(await refused.text()).toContain(
      'There is no space left in the data folder of ecr-local',
    );
    full = false;
    expect((await pushBlob(server.v2, 'app', sampleBlob('hello'))).status).toBe(201);
  });

  it('does not keep images from being pulled', async () => {
    const { manifest, layer } = await pushSample(server.v2, 'app', 'v1');
    full = true;
    const refused = await putManifest(server.v2, 'app', 'v2', manifest);
    expect(refused.status).toBe(507);
    for (const reference of ['v1', manifest.digest]) {
      expect((await server.v2(`/v2/app/manifests/${reference}`)).status).toBe(200);
    }
    expect((await server.v2(`/v2/app/blobs/${layer.digest}`)).status).toBe(200);
    const imageIds = [{ imageTag: 'v1' }];
    const { images } = await server.ecr.batchGetImage({ repositoryName: 'app', imageIds });
    expect(images).toHaveLength(1);
    const { imageDetails } = await server.ecr.describeImages({ repositoryName: 'app' });
    expect(imageDetails).toMatchObject([
      { imageTags: ['v1'], lastRecordedPullTime: expect.any(Date) },
    ]);
    full = false;
  });

  it('is reported by every interface', async () => {
    await server.client.send(
      new PutLifecyclePolicyCommand({ repositoryName: 'app', lifecyclePolicyText: keepOne }),
    );
    full = true;
    const create = server.client.send(new CreateRepositoryCommand({ repositoryName: 'other' }));
    await expect(create).rejects.toMatchObject({
      name: 'ServerException',
      message: expect.stringContaining('There is no space left'),
      $metadata: { httpStatusCode: 507 },
    });
    const form = { Action: 'CreateStack', Version: '2010-05-15', StackName: 's', TemplateBody };
    const stack = await fetch(server.url, {
      method: 'POST',
      headers: { authorization: 'AWS4-HMAC-SHA256 any' },
      body: new URLSearchParams(form),
    });
    expect([stack.status, await stack.text()]).toEqual([507, expect.stringContaining('no space')]);
    const run = await fetch(`${server.url}/_local/lifecycle`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect([run.status, await run.text()]).toEqual([507, expect.stringContaining('no space')]);
    full = false;
  });
});
