import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FakeRegistry, type FakeRegistryOptions } from '../../test/fake-registry';
import { temporaryFolder } from '../../test/temporary-folder';
import { digestOf } from '../digest';
import { MEDIA_TYPE } from '../manifest';
import { RegistryClient, type RegistryClientOptions } from './registry-client';

const folder = temporaryFolder();
const content = Buffer.alloc(300_000, 'blob');
const blob = { digest: digestOf(content), size: content.length };
const retry = { retries: 3, minDelayMs: 1, maxDelayMs: 2 };
const running: FakeRegistry[] = [];

async function setup(
  options: FakeRegistryOptions = {},
  client: Partial<RegistryClientOptions> = {},
) {
  const registry = new FakeRegistry(options);
  const host = await registry.start();
  running.push(registry);
  return { registry, host, client: new RegistryClient({ host, retry, ...client }) };
}

async function blobFile(): Promise<string> {
  const file = path.join(folder(), 'blob');
  await writeFile(file, content);
  return file;
}

afterEach(() => Promise.all(running.splice(0).map((registry) => registry.stop())));

describe('RegistryClient', () => {
  it('reads an uploaded blob, and does not upload it again', async () => {
    const { client, registry } = await setup();
    expect(await client.uploadBlob('a/b', blob, await blobFile())).toBe('uploaded');
    expect(digestOf(await buffer(await client.getBlob('a/b', blob)))).toBe(blob.digest);
    expect(await client.uploadBlob('a/b', blob, await blobFile())).toBe('present');
    expect(registry.requestsOf('PUT')).toHaveLength(1);
  });

  it('fails the stream of a blob that does not match its digest', async () => {
    const { client, registry } = await setup();
    registry.blobs.set(`a/${blob.digest}`, Buffer.from('forged'));
    const reading = client.getBlob('a', blob).then(buffer);
    await expect(reading).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });

  it('puts a manifest, and finds it by tag and digest', async () => {
    const { client } = await setup();
    const bytes = Buffer.from('{"schemaVersion":2}');
    const { digest } = await client.putManifest('a', 'v1', MEDIA_TYPE.ociManifest, bytes);
    const descriptor = { mediaType: MEDIA_TYPE.ociManifest, digest, size: bytes.length };
    expect(await client.headManifest('a', 'v1')).toEqual(descriptor);
    expect(await client.getManifest('a', digest)).toEqual({ descriptor, bytes });
    expect(await client.headManifest('a', 'v2')).toBeUndefined();
  });

  it('sends Basic credentials if the registry requires them', async () => {
    const basic = { username: 'AWS', password: 'secret' };
    const { client } = await setup({ basic }, { credentials: basic });
    expect(await client.uploadBlob('a', blob, await blobFile())).toBe('uploaded');
  });

  it.each([{ bearer: true }, { basic: { username: 'AWS', password: 'secret' } }])(
    'logs in once for concurrent requests (%j)',
    async (options) => {
      const { client } = await setup(options, { credentials: options.basic });
      const asking = Array.from({ length: 4 }, () => client.hasBlob('a', blob.digest));
      expect(await Promise.all(asking)).toEqual([false, false, false, false]);
    },
  );

  it('rejects wrong credentials without the password in the error', async () => {
    const credentials = { username: 'AWS', password: 'wrong-secret' };
    const { client, registry } = await setup(
      { basic: { ...credentials, password: 'x' } },
      { credentials },
    );
    const error = await client.hasBlob('a', blob.digest).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'UNAUTHORIZED', status: 401, repository: 'a' });
    const encoded = Buffer.from('AWS:wrong-secret').toString('base64');
    const shown = JSON.stringify(error, Object.getOwnPropertyNames(error));
    expect(shown).not.toContain('wrong-secret');
    expect(shown).not.toContain(encoded);
    expect(registry.requests).toHaveLength(2);
  });

  it('fetches a bearer token once for each repository', async () => {
    const { client, registry } = await setup({ bearer: true });
    await client.hasBlob('a', blob.digest);
    await client.hasBlob('a', blob.digest);
    expect(registry.requests.filter((line) => line === 'GET /token')).toHaveLength(1);
  });

  it.each([
    ['500s', { status: 500 }],
    ['429s', { status: 429, headers: { 'retry-after': '0' } }],
    ['lost connections', { drop: 'before' as const }],
    ['a lost response', { drop: 'after' as const }],
  ])('uploads a blob despite %s', async (_title, fault) => {
    const { client, registry } = await setup();
    registry.faults.push(
      { when: /^POST/, times: 1, ...fault },
      { when: /^PUT/, times: 2, ...fault },
    );
    expect(await client.uploadBlob('a', blob, await blobFile())).toBe('uploaded');
    expect(registry.blobs.has(`a/${blob.digest}`)).toBe(true);
  });

  it('fails after the last retry', async () => {
    const { client, registry } = await setup();
    registry.faults.push({ when: /^HEAD/, times: 99, status: 503 });
    await expect(client.hasBlob('a', blob.digest)).rejects.toMatchObject({
      code: 'SERVER_ERROR',
      status: 503,
    });
    expect(registry.requests).toHaveLength(1 + retry.retries);
  });

  it('does not retry other errors, and reports the message of the registry', async () => {
    const { client, registry, host } = await setup({ repositories: [] });
    const error = client.uploadBlob('nope', blob, await blobFile());
    registry.faults.push({ when: /^HEAD/, times: 1, status: 404 });
    await expect(error).rejects.toMatchObject({
      code: 'NAME_UNKNOWN',
      status: 404,
      host,
      repository: 'nope',
    });
    await expect(error).rejects.toThrow(
      /The repository with name 'nope' does not exist.*Create the repository/,
    );
    expect(registry.requestsOf('POST')).toHaveLength(1);
  });

  it('reports UNREACHABLE if there is no registry', async () => {
    const { client, registry, host } = await setup();
    await registry.stop();
    running.pop();
    const error = client.headManifest('a', 'v1');
    await expect(error).rejects.toMatchObject({ code: 'UNREACHABLE', host });
    await expect(error).rejects.toThrow(/ECONNREFUSED.*Check that the registry is running/);
  });
});

describe('a registry that speaks plain HTTP', () => {
  it('is reported as such at once, with the setting that allows it', async () => {
    const { client, registry } = await setup({}, { scheme: 'https' });
    await expect(client.headManifest('a', 'latest')).rejects.toMatchObject({
      code: 'TLS_MISSING',
      message: expect.stringMatching(/does not speak TLS.*"insecureRegistries" in registry\.json/),
    });
    expect(registry.requests).toEqual([]);
  });
});
