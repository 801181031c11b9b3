import { CreateRepositoryCommand, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr';
import { digestOf } from '../storage/digest';
import { type LocalServer, startLocalServer } from '../test/local-server';
import {
  descriptorOf,
  imageType,
  indexType,
  pushBlob,
  pushSample,
  putManifest,
  sampleBlob,
  sampleImage,
  sampleIndex,
} from '../test/sample-images';

let server: LocalServer;
const name = 'team/blobs/app';
const base = `/v2/${name}`;

beforeEach(async () => {
  server = await startLocalServer({ protocol: 'oci' });
  await server.client.send(new CreateRepositoryCommand({ repositoryName: name }));
});
afterEach(() => server.close());

const errorOf = async (response: Response) => {
  const { errors } = (await response.json()) as { errors: { code: string; message: string }[] };
  return { status: response.status, code: errors[0]?.code, message: errors[0]?.message };
};

describe('authorization', () => {
  const at = (authorization: string) =>
    fetch(`${server.url}/v2/`, { headers: authorization ? { authorization } : {} });
  const tokenOf = async () =>
    (await server.ecr.getAuthorizationToken({})).authorizationData[0]?.authorizationToken ?? '';

  it('is required with ECR’s message', async () => {
    const response = await at('');
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe(
      `Basic realm="${server.url}/",service="ecr.amazonaws.com"`,
    );
    expect(response.headers.get('docker-distribution-api-version')).toBe('registry/2.0');
    expect((await response.text()).trim()).toBe('Not Authorized');
  });

  it('is given for a token, for twelve hours', async () => {
    const token = await tokenOf();
    expect((await at(`Basic ${token}`)).status).toBe(200);
    server.passHours(11.9);
    expect((await at(`Basic ${token}`)).status).toBe(200);
    server.passHours(0.1);
    expect(await errorOf(await at(`Basic ${token}`))).toEqual({
      status: 403,
      code: 'DENIED',
      message: 'Your authorization token has expired. Reauthenticate and try again.',
    });
  });

  it('is not given for another user, another scheme or a made-up token', async () => {
    const token = await tokenOf();
    const password = Buffer.from(token, 'base64').toString().slice('AWS:'.length);
    const other = Buffer.from(`root:${password}`).toString('base64');
    const made = Buffer.from('AWS:e30.e30').toString('base64');
    for (const authorization of [`Basic ${other}`, `Bearer ${token}`, `Basic ${made}`, 'Basic']) {
      expect((await at(authorization)).status).toBe(401);
    }
  });
});

describe('a blob', () => {
  const blob = sampleBlob('hello world');
  const begin = async () => {
    const response = await server.v2(`${base}/blobs/uploads/`, { method: 'POST' });
    expect(response.status).toBe(202);
    return response.headers.get('location') ?? '';
  };
  const patch = (location: string, body: string, range?: string) =>
    server.v2(location, {
      method: 'PATCH',
      body,
      headers: range === undefined ? {} : { 'content-range': range },
    });
  const finish = (location: string, digest: string, body?: string) =>
    server.v2(`${location}?digest=${digest}`, { method: 'PUT', body });

  it('comes back as it was pushed, by one POST', async () => {
    const pushed = await pushBlob(server.v2, name, blob);
    expect(pushed.status).toBe(201);
    expect(pushed.headers.get('docker-content-digest')).toBe(blob.digest);
    const pulled = await server.v2(pushed.headers.get('location') ?? '');
    expect(await pulled.text()).toBe('hello world');
    const head = await server.v2(`${base}/blobs/${blob.digest}`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '11']);
  });

  it('is pushed in chunks, each starting at the end of the previous one', async () => {
    const location = await begin();
    expect((await patch(location, 'hello', '0-4')).headers.get('range')).toBe('0-4');
    expect(await errorOf(await patch(location, 'hello', '0-4'))).toMatchObject({ status: 416 });
    expect(await errorOf(await patch(location, 'world', '6-10'))).toMatchObject({ status: 416 });
    expect(await errorOf(await patch(location, 'x', '5-10'))).toMatchObject({
      code: 'SIZE_INVALID',
    });
    const status = await server.v2(location);
    expect([status.status, status.headers.get('range')]).toEqual([204, '0-4']);
    expect((await finish(location, blob.digest, ' world')).status).toBe(201);
    expect((await server.v2(location)).status).toBe(404);
  });

  it('whose bytes do not match its digest is rejected and deleted', async () => {
    const location = await begin();
    await patch(location, 'hello');
    expect(await errorOf(await finish(location, blob.digest))).toMatchObject({
      status: 400,
      code: 'DIGEST_INVALID',
    });
    expect((await server.v2(`${base}/blobs/${blob.digest}`)).status).toBe(404);
  });

  it('needs a digest that is one', async () => {
    const location = await begin();
    for (const digest of ['', 'sha256:x', 'sha512:00', 'sha256:../../token-secret']) {
      const response = await finish(location, encodeURIComponent(digest));
      expect(await errorOf(response)).toMatchObject({ status: 400, code: 'DIGEST_INVALID' });
    }
  });

  it('whose upload is cancelled is forgotten', async () => {
    const location = await begin();
    expect((await server.v2(location, { method: 'DELETE' })).status).toBe(204);
    expect(await errorOf(await patch(location, 'x'))).toMatchObject({
      status: 404,
      code: 'BLOB_UPLOAD_UNKNOWN',
    });
  });

  it('is pulled in ranges', async () => {
    await pushBlob(server.v2, name, blob);
    const get = (range: string) =>
      server.v2(`${base}/blobs/${blob.digest}`, { headers: { range } });
    const middle = await get('bytes=6-8');
    expect([middle.status, middle.headers.get('content-range')]).toEqual([206, 'bytes 6-8/11']);
    expect(await middle.text()).toBe('wor');
    expect(await (await get('bytes=-5')).text()).toBe('world');
    const outside = await get('bytes=11-');
    expect([outside.status, outside.headers.get('content-range')]).toEqual([416, 'bytes */11']);
    expect((await get('lines=1-2')).status).toBe(200);
  });

  it('is not deleted by itself', async () => {
    const response = await server.v2(`${base}/blobs/${blob.digest}`, { method: 'DELETE' });
    expect(await errorOf(response)).toMatchObject({ status: 405, code: 'UNSUPPORTED' });
  });
});

describe('a manifest', () => {
  it('comes back byte for byte, by tag and by digest', async () => {
    const { manifest } = await pushSample(server.v2, name, 'v1');
    for (const reference of ['v1', manifest.digest]) {
      const response = await server.v2(`${base}/manifests/${reference}`);
      expect(response.headers.get('content-type')).toBe(imageType);
      expect(response.headers.get('docker-content-digest')).toBe(manifest.digest);
      expect(Buffer.from(await response.arrayBuffer())).toEqual(manifest.bytes);
    }
    const head = await server.v2(`${base}/manifests/v1`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(manifest.bytes.length));
  });

  it('without its layers is refused, and names them', async () => {
    const { manifest, config, layer } = sampleImage('absent');
    await pushBlob(server.v2, name, config);
    const refused = await errorOf(await putManifest(server.v2, name, 'v1', manifest));
    expect(refused).toMatchObject({ code: 'MANIFEST_BLOB_UNKNOWN' });
    expect(refused.message).toContain(layer.digest);
    expect(refused.message).not.toContain(config.digest);
    expect((await server.v2(`${base}/manifests/v1`)).status).toBe(404);
  });

  it('of an index without its images is refused in ECR’s words', async () => {
    const child = sampleImage('absent');
    const response = await putManifest(server.v2, name, 'v1', sampleIndex(child), indexType);
    expect(await errorOf(response)).toMatchObject({
      code: 'MANIFEST_BLOB_UNKNOWN',
      message: `Images with digests '[${child.manifest.digest}]' required for pushing image into repository with name '${name}' in the registry with id '000000000000' do not exist`,
    });
  });

  it('of an index is as large as its largest image, which it keeps from deletion', async () => {
    const small = await pushSample(server.v2, name, 's');
    const large = await pushSample(server.v2, name, 'l', 'a much larger one');
    await putManifest(server.v2, name, 'v1', sampleIndex(small, large), indexType);
    const { imageDetails } = await server.ecr.describeImages({
      repositoryName: name,
      imageIds: [{ imageTag: 'v1' }],
    });
    expect(imageDetails).toMatchObject([{ imageSizeInBytes: large.size }]);
    const path = `${base}/manifests/${small.manifest.digest}`;
    const refused = await server.v2(path, { method: 'DELETE' });
    expect(await errorOf(refused)).toMatchObject({ status: 403, code: 'DENIED' });
    await server.v2(`${base}/manifests/v1`, { method: 'DELETE' });
    expect((await server.v2(path, { method: 'DELETE' })).status).toBe(202);
  });

  it('under an immutable tag is taken again, and another is not', async () => {
    const { manifest } = await pushSample(server.v2, name, 'v1');
    const other = await pushSample(server.v2, name, 'v2');
    const imageTagMutability = 'IMMUTABLE';
    await server.client.send(
      new PutImageTagMutabilityCommand({ repositoryName: name, imageTagMutability }),
    );
    expect((await putManifest(server.v2, name, 'v1', manifest)).status).toBe(201);
    expect(await errorOf(await putManifest(server.v2, name, 'v1', other.manifest))).toEqual({
      status: 400,
      code: 'TAG_INVALID',
      message: `The image tag 'v1' already exists in the '${name}' repository and cannot be overwritten because the tag is immutable.`,
    });
  });

  it('with another digest, over 4 MiB or with an invalid tag is rejected', async () => {
    const { manifest } = await pushSample(server.v2, name, 'v1');
    const put = (reference: string, bytes = manifest.bytes) =>
      putManifest(server.v2, name, reference, { bytes, digest: '' });
    expect(await errorOf(await put(digestOf(Buffer.alloc(0))))).toMatchObject({
      status: 400,
      code: 'DIGEST_INVALID',
    });
    expect(await errorOf(await put('v2', Buffer.alloc(4 * 1024 * 1024 + 1)))).toMatchObject({
      status: 413,
      code: 'MANIFEST_INVALID',
    });
    expect(await errorOf(await put('-v2'))).toMatchObject({ status: 400, code: 'TAG_INVALID' });
    expect(await errorOf(await put('v2', Buffer.from('{')))).toMatchObject({
      status: 400,
      code: 'MANIFEST_INVALID',
    });
  });

  it('pushed by digest alone has no tag', async () => {
    const { manifest } = await pushSample(server.v2, name, 'v1');
    await server.v2(`${base}/manifests/${manifest.digest}`, { method: 'DELETE' });
    await putManifest(server.v2, name, manifest.digest, manifest);
    const { imageIds } = await server.ecr.listImages({ repositoryName: name });
    expect(imageIds).toEqual([{ imageDigest: manifest.digest }]);
  });
});

describe('content discovery', () => {
  it('lists tags in order and in pages', async () => {
    const image = await pushSample(server.v2, name, 'b');
    for (const tag of ['c', 'a']) await putManifest(server.v2, name, tag, image.manifest);
    const list = (query: string) => server.v2(`${base}/tags/list${query}`);
    expect(await (await list('')).json()).toEqual({ name, tags: ['a', 'b', 'c'] });
    const first = await list('?n=2');
    expect(await first.json()).toEqual({ name, tags: ['a', 'b'] });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get('link') ?? '')?.[1] ?? '';
    const second = await server.v2(next);
    expect(await second.json()).toEqual({ name, tags: ['c'] });
    expect(second.headers.get('link')).toBeNull();
    expect(await (await list('?n=0')).json()).toEqual({ name, tags: [] });
    expect((await list('?n=x')).status).toBe(400);
  });

  it('lists what refers to a manifest, by type, the manifest itself being there or not', async () => {
    const subject = sampleImage('subject').manifest;
    const signature = sampleImage('signature', {
      artifactType: 'application/vnd.example.signature',
      subject: descriptorOf(subject, imageType),
      annotations: { by: 'me' },
    });
    await pushBlob(server.v2, name, signature.config);
    await pushBlob(server.v2, name, signature.layer);
    const { digest } = signature.manifest;
    const pushed = await putManifest(server.v2, name, digest, signature.manifest);
    expect(pushed.headers.get('oci-subject')).toBe(subject.digest);
    const list = (query = '') => server.v2(`${base}/referrers/${subject.digest}${query}`);
    const all = await list();
    expect(all.headers.get('content-type')).toBe(indexType);
    expect(await all.json()).toMatchObject({
      schemaVersion: 2,
      manifests: [
        { digest, artifactType: 'application/vnd.example.signature', annotations: { by: 'me' } },
      ],
    });
    const filtered = await list('?artifactType=application/vnd.example.sbom');
    expect(filtered.headers.get('oci-filters-applied')).toBe('artifactType');
    expect(await filtered.json()).toMatchObject({ manifests: [] });
    expect((await server.v2(`${base}/referrers/nope`)).status).toBe(400);
  });

  it('has no catalog, as ECR has none', async () => {
    expect(await errorOf(await server.v2('/v2/_catalog'))).toMatchObject({
      status: 404,
      code: 'UNSUPPORTED',
    });
  });
});

describe('a name', () => {
  it('of no repository is answered in the API’s words, and a push makes none', async () => {
    const refused = {
      status: 404,
      code: 'NAME_UNKNOWN',
      message: expect.stringContaining('does not exist in the registry'),
    };
    const push = await server.v2('/v2/none/blobs/uploads/', { method: 'POST' });
    expect(await errorOf(push)).toEqual(refused);
    expect(await errorOf(await server.v2('/v2/none/tags/list'))).toEqual(refused);
  });

  it.each(['..%2f..%2fetc', 'Team', 'a%00b', '%ff'])('like %s is refused', async (bad) => {
    const response = await server.v2(`/v2/${bad}/manifests/v1`);
    expect(await errorOf(response)).toMatchObject({ status: 400, code: 'NAME_INVALID' });
  });
});
