import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { type FakeRegistry } from '../../test/fake-registry';
import { temporaryFolder } from '../../test/temporary-folder';
import { digestOf } from '../digest';
import { type RetryEvent } from './retry';

const folder = temporaryFolder();
const setup = fakeRegistries();
const content = randomBytes(1_000_000);
const blob = { digest: digestOf(content), size: content.length };
const chunkBytes = 300_000;
let file: string;

beforeAll(async () => {
  file = path.join(folder(), 'blob');
  await writeFile(file, content);
});

const arrived = (registry: FakeRegistry, repository = 'a') =>
  registry.blobs.get(`${repository}/${blob.digest}`)?.equals(content);

describe('a large blob', () => {
  it('goes in chunks, and tells how far it is', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    const sent: number[] = [];
    await client.uploadBlob('a', blob, file, { onSent: (bytes) => sent.push(bytes) });
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
    expect(sent.at(-1)).toBe(blob.size);
    expect([...sent].sort((a, b) => a - b)).toEqual(sent);
    expect(registry.uploads.size).toBe(0);
  });

  it('goes in chunks as large as the registry wants', async () => {
    const { client, registry } = await setup({ minChunkBytes: 500_000 }, { chunkBytes });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(2);
  });

  it('goes on where the registry is when the connection is cut', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push(
      { when: /^PATCH/, times: 1, cutAfterBytes: 200_000 },
      { when: /^PATCH/, times: 1, cutAfterBytes: 100_000 },
    );
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('POST')).toHaveLength(1);
    // What was on its way when it was cut is sent again, and nothing else.
    expect(registry.receivedBytes).toBeLessThan(blob.size + 2 * 100_000);
  });

  it('goes on after a chunk whose answer was lost, without sending that again', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 2, drop: 'after' });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.receivedBytes).toBe(blob.size);
  });

  it('ends however often it is cut, as long as each attempt brings it further', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 12, cutAfterBytes: 70_000 });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
  });

  it('fails when attempts bring it no further, and leaves no half upload', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 99, status: 500 });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'SERVER_ERROR' });
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
    expect(registry.uploads.size).toBe(0);
  });

  it('starts anew when the registry has lost the upload', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    const sent: number[] = [];
    registry.faults.push(
      { when: /^PATCH/, times: 1 },
      { when: /^PATCH/, times: 1, forgetUploads: true },
    );
    await client.uploadBlob('a', blob, file, { onSent: (bytes) => sent.push(bytes) });
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('POST')).toHaveLength(2);
    expect(sent).toContain(0);
  });

  it('is uploaded when only the answer to its last request was lost', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PUT/, times: 1, drop: 'after' });
    await client.uploadBlob('a', blob, file);
    expect(registry.receivedBytes).toBe(blob.size);
  });

  it('goes whole to a registry that takes no chunks, the next one at once', async () => {
    const { client, registry } = await setup({ chunks: false }, { chunkBytes });
    await client.uploadBlob('a', blob, file);
    await client.uploadBlob('b', blob, file);
    expect(arrived(registry) && arrived(registry, 'b')).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(1);
    expect(registry.requestsOf('PUT')).toHaveLength(2);
    expect(registry.uploads.size).toBe(0);
  });

  it('that does not arrive as it is goes anew', async () => {
    const { client, registry } = await setup();
    const body = '{"errors":[{"code":"DIGEST_INVALID","message":"no"}]}';
    registry.faults.push({ when: /^PUT/, times: 1, status: 400, body });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
  });
});

describe('a blob whose file is not what it should be', () => {
  it('is not sent when it is too short', async () => {
    const { client, registry } = await setup();
    const longer = { ...blob, size: blob.size + 1 };
    const uploading = client.uploadBlob('a', longer, file);
    await expect(uploading).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    await expect(uploading).rejects.toThrow(/has 1000000 bytes instead of 1000001/);
    expect(registry.requestsOf('POST')).toEqual([]);
  });

  it('is told as damaged, and not tried again', async () => {
    const { client, registry } = await setup();
    const damaged = { ...blob, digest: digestOf('something else') };
    const uploading = client.uploadBlob('a', damaged, file);
    await expect(uploading).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(registry.requestsOf('PUT')).toHaveLength(1);
  });

  it('is asked for only when it has to be sent', async () => {
    const { client } = await setup();
    await client.uploadBlob('a', blob, content);
    const never = () => Promise.reject(new Error('asked'));
    expect(await client.uploadBlob('a', blob, never)).toBe('present');
    expect(await client.uploadBlob('b', blob, never, { mountFrom: ['a'] })).toBe('mounted');
    await expect(client.uploadBlob('c', blob, never)).rejects.toThrow('asked');
  });
});

describe('a mount', () => {
  it('takes the blob from the sibling that has it', async () => {
    const { client, registry } = await setup();
    await client.uploadBlob('sibling', blob, file);
    registry.receivedBytes = 0;
    const mountFrom = ['none', 'a', 'sibling'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('mounted');
    expect(arrived(registry)).toBe(true);
    expect(registry.receivedBytes).toBe(0);
    expect(registry.requestsOf('POST')).toHaveLength(2);
  });

  it('that is answered with an upload goes on with it, and is not tried again', async () => {
    const { client, registry } = await setup({ mounts: false });
    const other = { digest: digestOf('other'), size: 5 };
    for (const sibling of ['s', 't']) {
      await client.uploadBlob(sibling, blob, file);
      await client.uploadBlob(sibling, other, Buffer.from('other'));
    }
    registry.requests.length = 0;
    const mountFrom = ['s', 't'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('uploaded');
    expect(registry.requestsOf('POST')).toHaveLength(1);
    await client.uploadBlob('a', other, Buffer.from('other'), { mountFrom });
    expect(registry.requests.filter((line) => line.startsWith('HEAD /v2/s/'))).toHaveLength(1);
    expect(registry.uploads.size).toBe(0);
  });

  it('from a sibling that is closed or missing does not keep the blob from being sent', async () => {
    const { client, registry } = await setup({ repositories: ['a'] });
    registry.faults.push({ when: /^(HEAD|POST) .*\/closed\//, times: 99, status: 403 });
    const mountFrom = ['closed', 'missing'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('uploaded');
    expect(arrived(registry)).toBe(true);
  });
});

describe('a registry that cannot take more', () => {
  it('is told as out of space after the retries, with what to do', async () => {
    const { client, registry } = await setup({ capacityBytes: 500_000 }, { chunkBytes });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status: 500 });
    await expect(uploading).rejects.toThrow(/Make room in the registry/);
    expect(registry.uploads.size).toBe(0);
    expect(registry.blobs.size).toBe(0);
  });

  it.each([
    [507, ''],
    [500, '{"errors":[{"code":"UNKNOWN","message":"write /data: no space left on device"}]}'],
    [503, '<Error><Code>QuotaExceeded</Code></Error>'],
  ])('says so by HTTP %d %s', async (status, body) => {
    const { client, registry } = await setup();
    registry.faults.push({ when: /^PUT/, times: 4, status, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status });
    expect(registry.requestsOf('PUT')).toHaveLength(4);
  });

  it('has a quota that is told at once when it is no fault of the server', async () => {
    const { client, registry } = await setup();
    const body =
      '{"errors":[{"code":"DENIED","message":"this will exceed the configured upper limit of 1 GiB"}]}';
    registry.faults.push({ when: /^POST/, times: 9, status: 403, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status: 403 });
    expect(registry.requestsOf('POST')).toHaveLength(1);
  });
});

describe('an answer before the body has been read', () => {
  it('is understood', async () => {
    const { client, registry } = await setup();
    const body = '{"errors":[{"code":"DENIED","message":"not yours"}]}';
    registry.faults.push({ when: /^PUT/, times: 9, status: 403, early: true, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'DENIED' });
  });

  it('of a proxy that limits requests says where to look', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 9, status: 413, early: true });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toThrow(/TOO_LARGE.*A proxy in front/);
  });
});

describe('retries', () => {
  it('are told, with what was met and how long the pause is', async () => {
    const told: RetryEvent[] = [];
    const { client, registry } = await setup({}, { onRetry: (event) => told.push(event) });
    registry.faults.push(
      { when: /^HEAD/, times: 1, status: 503 },
      { when: /^POST/, times: 1, drop: 'before' },
    );
    await client.uploadBlob('a', blob, file);
    expect(told).toEqual([
      { attempt: 2, attempts: 4, reason: 'HTTP 503', delayMs: expect.any(Number) },
      { attempt: 2, attempts: 4, reason: 'UND_ERR_SOCKET', delayMs: expect.any(Number) },
    ]);
  });

  it('end when the caller gives up', async () => {
    const { client, registry } = await setup(
      {},
      { retry: { retries: 9, minDelayMs: 60_000, maxDelayMs: 60_000 } },
    );
    const stop = new AbortController();
    registry.faults.push({ when: /^HEAD/, times: 9, status: 503 });
    const observed = client.observed({ signal: stop.signal, onRetry: () => stop.abort() });
    const uploading = observed.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'SERVER_ERROR' });
  });
});
