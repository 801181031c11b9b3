import {
  CreateRepositoryCommand,
  DescribeImageReplicationStatusCommand,
  DescribeImageScanFindingsCommand,
  DescribeImagesCommand,
  DescribeImageSigningStatusCommand,
  ListImageReferrersCommand,
  PutImageScanningConfigurationCommand,
  StartImageScanCommand,
  UpdateImageStorageClassCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../../test/local-server';
import {
  descriptorOf,
  imageType,
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleImage,
  sampleIndex,
} from '../../test/sample-images';

const repositoryName = 'team/app';

let server: LocalServer;
beforeEach(async () => {
  server = await startLocalServer();
  await server.client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

const push = (tag: string) => pushSample(server.v2, repositoryName, tag);

describe('an image', () => {
  const imageId = { imageTag: 'v1' };
  const update = (targetStorageClass: 'ARCHIVE' | 'STANDARD') =>
    server.client.send(
      new UpdateImageStorageClassCommand({ repositoryName, imageId, targetStorageClass }),
    );

  it('takes twenty minutes out of the archive', async () => {
    await push('v1');
    expect(await update('ARCHIVE')).toMatchObject({ imageStatus: 'ARCHIVED' });
    expect(await update('STANDARD')).toMatchObject({ imageStatus: 'ACTIVATING' });
    const pull = async () => (await server.v2(`/v2/${repositoryName}/manifests/v1`)).status;
    expect(await pull()).toBe(404);
    server.passHours(1 / 3);
    expect(await pull()).toBe(200);
    const { imageDetails } = await server.client.send(
      new DescribeImagesCommand({ repositoryName }),
    );
    expect(imageDetails?.[0]).toMatchObject({
      imageStatus: 'ACTIVE',
      lastActivatedAt: new Date('2026-01-01T00:00:00Z'),
    });
  });

  it('of an index moves only with the index', async () => {
    const image = sampleImage('child');
    await pushBlob(server.v2, repositoryName, image.config);
    await pushBlob(server.v2, repositoryName, image.layer);
    await putManifest(server.v2, repositoryName, 'v1', image.manifest);
    await putManifest(server.v2, repositoryName, 'all', sampleIndex(image), indexType);
    await expect(update('ARCHIVE')).rejects.toMatchObject({
      name: 'ImageStorageClassUpdateNotSupportedException',
    });
  });

  it('has referrers, by type and page', async () => {
    const { manifest } = await push('v1');
    const subject = descriptorOf(manifest, imageType);
    for (const text of ['one', 'two']) {
      const referrer = sampleImage(text, {
        subject,
        artifactType: `application/${text}`,
        annotations: { from: text },
      });
      await pushBlob(server.v2, repositoryName, referrer.config);
      await pushBlob(server.v2, repositoryName, referrer.layer);
      await putManifest(server.v2, repositoryName, referrer.manifest.digest, referrer.manifest);
    }
    const list = (more: object) =>
      server.client.send(
        new ListImageReferrersCommand({
          repositoryName,
          subjectId: { imageDigest: manifest.digest },
          ...more,
        }),
      );
    const { referrers } = await list({ filter: { artifactTypes: ['application/two'] } });
    expect(referrers).toMatchObject([
      {
        artifactType: 'application/two',
        mediaType: imageType,
        annotations: { from: 'two' },
        artifactStatus: 'ACTIVE',
      },
    ]);
    const first = await list({ maxResults: 1 });
    const second = await list({ maxResults: 1, nextToken: first.nextToken });
    expect([first.referrers, second.referrers].map((some) => some?.length)).toEqual([1, 1]);
    expect(second.nextToken).toBeUndefined();
  });

  it('has no scan before one is started, which ends as unsupported', async () => {
    await push('v1');
    const find = new DescribeImageScanFindingsCommand({ repositoryName, imageId });
    await expect(server.client.send(find)).rejects.toMatchObject({ name: 'ScanNotFoundException' });
    const start = await server.client.send(new StartImageScanCommand({ repositoryName, imageId }));
    expect(start).toMatchObject({ imageScanStatus: { status: 'IN_PROGRESS' } });
    expect(await server.client.send(find)).toMatchObject({
      imageScanStatus: { status: 'FAILED', description: expect.stringMatching(/^Unsupported/) },
    });
  });

  it('is scanned on push if its repository says so', async () => {
    await server.client.send(
      new PutImageScanningConfigurationCommand({
        repositoryName,
        imageScanningConfiguration: { scanOnPush: true },
      }),
    );
    await push('v1');
    const find = new DescribeImageScanFindingsCommand({ repositoryName, imageId });
    expect(await server.client.send(find)).toMatchObject({ imageScanStatus: { status: 'FAILED' } });
  });

  it('is neither replicated nor signed', async () => {
    await push('v1');
    const input = { repositoryName, imageId };
    expect(
      await server.client.send(new DescribeImageReplicationStatusCommand(input)),
    ).toMatchObject({ replicationStatuses: [] });
    expect(await server.client.send(new DescribeImageSigningStatusCommand(input))).toMatchObject({
      signingStatuses: [],
    });
    const missing = { repositoryName, imageId: { imageTag: 'none' } };
    await expect(
      server.client.send(new DescribeImageSigningStatusCommand(missing)),
    ).rejects.toMatchObject({ name: 'ImageNotFoundException' });
  });
});
