import {
  BatchCheckLayerAvailabilityCommand,
  CompleteLayerUploadCommand,
  CreateRepositoryCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  InitiateLayerUploadCommand,
  UploadLayerPartCommand,
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

describe('layers', () => {
  const { layer } = sampleImage('layer');
  const begin = async () => {
    const { uploadId } = await client.send(new InitiateLayerUploadCommand({ repositoryName }));
    return uploadId;
  };
  const part = (uploadId: string | undefined, first: number, last: number) =>
    client.send(
      new UploadLayerPartCommand({
        repositoryName,
        uploadId,
        partFirstByte: first,
        partLastByte: last,
        layerPartBlob: layer.bytes.subarray(first, last + 1),
      }),
    );
  const complete = (uploadId: string | undefined, digest = layer.digest) =>
    client.send(
      new CompleteLayerUploadCommand({ repositoryName, uploadId, layerDigests: [digest] }),
    );
  const last = layer.bytes.length - 1;

  it('are uploaded in parts, and downloaded by a URL that needs no token', async () => {
    const uploadId = await begin();
    await part(uploadId, 0, 4);
    await expect(part(uploadId, 5, last)).resolves.toMatchObject({ lastByteReceived: last });
    await complete(uploadId);
    const { downloadUrl = '' } = await client.send(
      new GetDownloadUrlForLayerCommand({ repositoryName, layerDigest: layer.digest }),
    );
    expect(await (await fetch(downloadUrl)).text()).toBe(layer.bytes.toString());
    const elsewhere = downloadUrl.replace(layer.digest, sampleImage('x').layer.digest);
    expect((await fetch(elsewhere)).status).toBe(401);
    server.passHours(1);
    expect((await fetch(downloadUrl)).status).toBe(401);
  });

  it('are rejected if a part is out of order, empty, of another digest, already present or unknown', async () => {
    const uploadId = await begin();
    await expect(complete(uploadId)).rejects.toMatchObject({ name: 'EmptyUploadException' });
    await expect(part(uploadId, 3, last)).rejects.toMatchObject({
      name: 'InvalidLayerPartException',
      uploadId,
      lastValidByteReceived: -1,
    });
    await part(uploadId, 0, last);
    const other = sampleImage('x').layer.digest;
    await expect(complete(uploadId, other)).rejects.toMatchObject({
      name: 'InvalidLayerException',
    });
    await expect(complete(uploadId)).rejects.toMatchObject({ name: 'UploadNotFoundException' });
    const second = await begin();
    await part(second, 0, last);
    await complete(second);
    const third = await begin();
    await part(third, 0, last);
    await expect(complete(third)).rejects.toMatchObject({ name: 'LayerAlreadyExistsException' });
  });

  it('are available, unavailable or no digest', async () => {
    const { config } = await pushSample(server.v2, repositoryName, 'v1');
    const { layers, failures } = await client.send(
      new BatchCheckLayerAvailabilityCommand({
        repositoryName,
        layerDigests: [config.digest, layer.digest, 'sha256:1'],
      }),
    );
    expect(layers).toEqual([
      {
        layerDigest: config.digest,
        layerAvailability: 'AVAILABLE',
        layerSize: config.bytes.length,
      },
      { layerDigest: layer.digest, layerAvailability: 'UNAVAILABLE' },
    ]);
    expect(failures).toMatchObject([
      { layerDigest: 'sha256:1', failureCode: 'InvalidLayerDigest' },
    ]);
  });
});
