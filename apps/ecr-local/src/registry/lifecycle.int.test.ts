import {
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DeleteLifecyclePolicyCommand,
  DescribeImagesCommand,
  GetLifecyclePolicyCommand,
  GetLifecyclePolicyPreviewCommand,
  PutLifecyclePolicyCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleImage,
  sampleIndex,
} from '../test/sample-images';

const repositoryName = 'team/app';
const day = 24 * 3600;

let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

const rule = (selection: object, action: object = { type: 'expire' }, rulePriority = 1) => ({
  rulePriority,
  description: 'a rule that has a description of some length',
  selection,
  action,
});
const policyOf = (...rules: object[]) => JSON.stringify({ rules });
const keepOne = policyOf(
  rule({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 }),
);
const archiveOld = policyOf(
  rule(
    { tagStatus: 'any', countType: 'sinceImagePushed', countUnit: 'days', countNumber: 30 },
    { type: 'transition', targetStorageClass: 'archive' },
  ),
  rule(
    {
      tagStatus: 'any',
      storageClass: 'archive',
      countType: 'sinceImageTransitioned',
      countUnit: 'days',
      countNumber: 90,
    },
    { type: 'expire' },
    2,
  ),
);

const put = (lifecyclePolicyText: string) =>
  server.client.send(new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText }));
const push = (tag: string) => pushSample(server.v2, repositoryName, tag);
const tags = async () => {
  const command = new DescribeImagesCommand({ repositoryName });
  const { imageDetails = [] } = await server.client.send(command);
  return imageDetails.flatMap(({ imageTags = [] }) => imageTags).sort();
};
const local = async (path: string, body: unknown, headers: Record<string, string> = {}) => {
  const response = await fetch(`${server.url}/_local/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const advance = (seconds: number) => local('clock', { advanceSeconds: seconds });

describe('a preview of a lifecycle policy', () => {
  const started = async (lifecyclePolicyText?: string) =>
    server.client.send(
      new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }),
    );
  const preview = (more: object = {}) =>
    server.client.send(new GetLifecyclePolicyPreviewCommand({ repositoryName, ...more }));

  it('needs a policy, and to be started', async () => {
    await expect(started()).rejects.toMatchObject({ name: 'LifecyclePolicyNotFoundException' });
    await expect(preview()).rejects.toMatchObject({
      name: 'LifecyclePolicyPreviewNotFoundException',
    });
  });

  it('names the images that the policy would act on, by page, and changes none', async () => {
    for (const tag of ['v1', 'v2', 'v3', 'v4']) {
      await push(tag);
      await advance(60);
    }
    expect(await started(keepOne)).toMatchObject({ status: 'IN_PROGRESS' });
    const first = await preview({ maxResults: 2 });
    expect(first).toMatchObject({
      status: 'COMPLETE',
      lifecyclePolicyText: keepOne,
      summary: { expiringImageTotalCount: 3 },
      previewResults: [
        {
          imageTags: ['v3'],
          action: { type: 'EXPIRE' },
          appliedRulePriority: 1,
          storageClass: 'STANDARD',
        },
        { imageTags: ['v2'] },
      ],
    });
    const second = await preview({ maxResults: 2, nextToken: first.nextToken });
    expect(second.previewResults).toMatchObject([{ imageTags: ['v1'] }]);
    expect(second.nextToken).toBeUndefined();
    const some = await preview({ imageIds: [{ imageTag: 'v2' }, { imageTag: 'v4' }] });
    expect(some.previewResults).toMatchObject([{ imageTags: ['v2'] }]);
    expect((await preview({ filter: { tagStatus: 'UNTAGGED' } })).previewResults).toEqual([]);
    expect(await tags()).toHaveLength(4);
  });

  it('expires after a day', async () => {
    await started(keepOne);
    await advance(day);
    expect(await preview()).toMatchObject({ status: 'EXPIRED' });
  });
});

describe('a lifecycle policy', () => {
  it('is applied a day after it was put, and then daily, by the clock', async () => {
    await push('v1');
    await put(keepOne);
    const evaluated = async () =>
      (await server.client.send(new GetLifecyclePolicyCommand({ repositoryName }))).lastEvaluatedAt;
    expect(await evaluated()).toEqual(new Date(0));
    await advance(60);
    await push('v2');
    expect((await advance(day / 2)).body).toMatchObject({ lifecycle: [] });
    expect(await tags()).toEqual(['v1', 'v2']);
    expect((await advance(day / 2)).body).toMatchObject({
      lifecycle: [{ repositoryName, expired: 1, archived: 0 }],
    });
    expect(await tags()).toEqual(['v2']);
    const first = await evaluated();
    expect(first?.getTime()).toBe(Date.parse('2026-01-02T00:01:00Z'));
    await push('v3');
    expect((await advance(day / 2)).body).toMatchObject({ lifecycle: [] });
    await advance(day / 2);
    expect(await tags()).toEqual(['v3']);
    const command = new DeleteLifecyclePolicyCommand({ repositoryName });
    const { lastEvaluatedAt } = await server.client.send(command);
    expect(lastEvaluatedAt?.getTime()).toBe((first?.getTime() ?? 0) + day * 1000);
  });

  it('is applied on demand', async () => {
    await push('v1');
    await advance(60);
    await push('v2');
    await put(keepOne);
    expect(await local('lifecycle', { repositoryName: 'no/such' })).toMatchObject({
      body: { lifecycle: [] },
    });
    expect(await local('lifecycle', {})).toMatchObject({
      body: { lifecycle: [{ repositoryName, expired: 1 }] },
    });
    expect(await tags()).toEqual(['v2']);
  });

  it('moves images to the archive, where none is pulled, and expires them there', async () => {
    await push('v1');
    await put(archiveOld);
    expect((await advance(31 * day)).body).toMatchObject({ lifecycle: [{ archived: 1 }] });
    const list = new DescribeImagesCommand({
      repositoryName,
      filter: { imageStatus: 'ARCHIVED' },
    });
    const { imageDetails } = await server.client.send(list);
    expect(imageDetails).toMatchObject([
      { imageStatus: 'ARCHIVED', lastArchivedAt: new Date('2026-02-01T00:00:00Z') },
    ]);
    expect((await server.v2(`/v2/${repositoryName}/manifests/v1`)).status).toBe(404);
    const get = new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag: 'v1' }] });
    expect(await server.client.send(get)).toMatchObject({
      images: [],
      failures: [{ failureCode: 'ImageInaccessible' }],
    });
    expect((await advance(91 * day)).body).toMatchObject({ lifecycle: [{ expired: 1 }] });
    expect(await tags()).toEqual([]);
  });

  it('leaves the images of an index until the index is gone', async () => {
    const image = sampleImage('child');
    await pushBlob(server.v2, repositoryName, image.config);
    await pushBlob(server.v2, repositoryName, image.layer);
    await putManifest(server.v2, repositoryName, image.manifest.digest, image.manifest);
    await putManifest(server.v2, repositoryName, 'v1', sampleIndex(image), indexType);
    await put(
      policyOf(
        rule({
          tagStatus: 'untagged',
          countType: 'sinceImagePushed',
          countUnit: 'days',
          countNumber: 14,
        }),
      ),
    );
    const count = async () => {
      const command = new DescribeImagesCommand({ repositoryName });
      return (await server.client.send(command)).imageDetails?.length;
    };
    await advance(40 * day);
    expect(await count()).toBe(2);
    await server.v2(`/v2/${repositoryName}/manifests/v1`, { method: 'DELETE' });
    await advance(day);
    expect(await count()).toBe(0);
  });
});

describe('the clock', () => {
  it.each([
    [{ advanceSeconds: -1 }, 'more than 0'],
    [{ time: '2020-01-01T00:00:00Z' }, 'expected a later time'],
    [{ time: 'tomorrow' }, 'a time such as'],
    [{}, 'either advanceSeconds or time'],
    [{ seconds: 1 }, 'Unrecognized key'],
  ])('is not moved by %j', async (body, message) => {
    const answer = await local('clock', body);
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(message) },
    });
  });

  it('goes to a time, and is moved only by JSON, which no other origin can send', async () => {
    const time = '2026-03-01T00:00:00.000Z';
    expect(await local('clock', { time })).toMatchObject({ status: 200, body: { time } });
    const form = { 'content-type': 'text/plain' };
    expect((await local('clock', { time }, form)).status).toBe(415);
    const read = await fetch(`${server.url}/_local/clock`);
    expect(await read.json()).toEqual({ time });
  });
});
