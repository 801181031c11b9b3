import {
  BatchDeleteImageCommand,
  BatchGetImageCommand,
  CreateRepositoryCommand,
  DescribeImagesCommand,
  type ECRClient,
  paginateListImages,
  PutImageCommand,
  PutImageTagMutabilityCommand,
} from '@aws-sdk/client-ecr';
import { type LocalServer, startLocalServer } from '../test/local-server';
import { pushSample, sampleImage } from '../test/sample-images';

let server: LocalServer;
let client: ECRClient;
const repositoryName = 'team/app';

beforeEach(async () => {
  server = await startLocalServer();
  client = server.client;
  await client.send(new CreateRepositoryCommand({ repositoryName }));
});
afterEach(() => server.close());

describe('images', () => {
  it('are described as ECR does', async () => {
    const { manifest, size } = await pushSample(server.v2, repositoryName, 'v1');
    const describe = () => client.send(new DescribeImagesCommand({ repositoryName }));
    const described = {
      registryId: '000000000000',
      repositoryName,
      imageDigest: manifest.digest,
      imageTags: ['v1'],
      imageSizeInBytes: size,
      imagePushedAt: new Date('2026-01-01T00:00:00Z'),
      imageManifestMediaType: 'application/vnd.oci.image.manifest.v1+json',
      artifactMediaType: 'application/vnd.oci.image.config.v1+json',
      imageStatus: 'ACTIVE',
    };
    expect((await describe()).imageDetails).toEqual([described]);
    server.passHours(1);
    await server.v2(`/v2/${repositoryName}/manifests/v1`);
    const lastRecordedPullTime = new Date('2026-01-01T01:00:00Z');
    expect((await describe()).imageDetails).toEqual([{ ...described, lastRecordedPullTime }]);
  });

  it('are found by tag or digest, or the error names the requested id', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
    const describe = (imageTag: string) =>
      client.send(new DescribeImagesCommand({ repositoryName, imageIds: [{ imageTag }] }));
    expect((await describe('v1')).imageDetails).toMatchObject([{ imageDigest: manifest.digest }]);
    await expect(describe('v2')).rejects.toMatchObject({
      name: 'ImageNotFoundException',
      message:
        "The image with imageId {imageDigest:'null', imageTag:'v2'} does not exist within the repository with name 'team/app' in the registry with id '000000000000'",
    });
  });

  it('are listed by tag, in pages, and filtered by whether they have one', async () => {
    await pushSample(server.v2, repositoryName, 'latest', 'one');
    await pushSample(server.v2, repositoryName, 'latest', 'two');
    await pushSample(server.v2, repositoryName, 'v2', 'two');
    const list = async (tagStatus: 'TAGGED' | 'UNTAGGED' | 'ANY') => {
      const found: (string | undefined)[] = [];
      const pages = paginateListImages(
        { client, pageSize: 1 },
        { repositoryName, filter: { tagStatus } },
      );
      for await (const { imageIds } of pages) found.push(imageIds?.[0]?.imageTag);
      return found;
    };
    expect(await list('TAGGED')).toEqual(['latest', 'v2']);
    expect(await list('UNTAGGED')).toEqual([undefined]);
    expect(await list('ANY')).toHaveLength(3);
  });

  it('are re-tagged by getting and putting the manifest, byte for byte', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
    const get = (imageTag: string) =>
      client.send(new BatchGetImageCommand({ repositoryName, imageIds: [{ imageTag }] }));
    const { images } = await get('v1');
    const imageManifest = images?.[0]?.imageManifest;
    const put = (imageTag?: string) =>
      client.send(new PutImageCommand({ repositoryName, imageManifest, imageTag }));
    await put('prod');
    expect((await get('prod')).images).toMatchObject([
      { imageId: { imageDigest: manifest.digest } },
    ]);
    await expect(put('prod')).rejects.toMatchObject({
      name: 'ImageAlreadyExistsException',
      message: `Image with digest '${manifest.digest}' and tag 'prod' already exists in the repository with name 'team/app' in registry with id '000000000000'`,
    });
    expect((await get('none')).failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
  });

  it('are not put over an immutable tag, nor under another digest, nor without their layers', async () => {
    await pushSample(server.v2, repositoryName, 'v1');
    const other = await pushSample(server.v2, repositoryName, 'other');
    await client.send(
      new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability: 'IMMUTABLE' }),
    );
    const put = (
      image: { manifest: { bytes: Buffer } },
      imageTag: string,
      imageDigest?: string,
    ) => {
      const imageManifest = image.manifest.bytes.toString();
      return client.send(
        new PutImageCommand({ repositoryName, imageManifest, imageTag, imageDigest }),
      );
    };
    await expect(put(other, 'v1')).rejects.toMatchObject({
      name: 'ImageTagAlreadyExistsException',
    });
    await expect(put(other, 'v2', sampleImage('x').manifest.digest)).rejects.toMatchObject({
      name: 'ImageDigestDoesNotMatchException',
    });
    await expect(put(sampleImage('absent'), 'v2')).rejects.toMatchObject({
      name: 'LayersNotFoundException',
    });
  });

  it('are deleted in a batch that answers for each', async () => {
    const { manifest } = await pushSample(server.v2, repositoryName, 'v1');
    const { imageIds, failures } = await client.send(
      new BatchDeleteImageCommand({
        repositoryName,
        imageIds: [{ imageTag: 'v1' }, { imageTag: 'v1' }],
      }),
    );
    expect(imageIds).toEqual([{ imageDigest: manifest.digest, imageTag: 'v1' }]);
    expect(failures).toMatchObject([{ failureCode: 'ImageNotFound' }]);
  });
});
