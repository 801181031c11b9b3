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
  it('is sent in chunks, with its progress', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    const sent: number[] = [];
    await client.uploadBlob('a', blob, file, { onSent: (bytes) => sent.push(bytes) });
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
    expect(sent.at(-1)).toBe(blob.size);
    expect([...sent].sort((a, b) => a - b)).toEqual(sent);
    expect(registry.uploads.size).toBe(0);
  });

  it('is sent in chunks of the minimum size of the registry', async () => {
    const { client, registry } = await setup({ minChunkBytes: 500_000 }, { chunkBytes });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(2);
  });

  it('is sent once to a registry that responds to chunks like Amazon ECR, with 201', async () => {
    const { client, registry } = await setup({ chunkStatus: 201 }, { chunkBytes });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
    expect(registry.receivedBytes).toBe(blob.size);
  });

  it('is sent whole after a registry has accepted chunks and lost them', async () => {
    const { client, registry } = await setup(
      { chunkStatus: 201, losesChunks: true },
      { chunkBytes },
    );
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
  });

  it('resumes where the registry is after a lost connection', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push(
      { when: /^PATCH/, times: 1, cutAfterBytes: 200_000 },
      { when: /^PATCH/, times: 1, cutAfterBytes: 100_000 },
    );
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.requestsOf('POST')).toHaveLength(1);
    // Only the bytes in transit are sent again.
    expect(registry.receivedBytes).toBeLessThan(blob.size + 2 * 100_000);
  });

  it('resumes after a chunk whose response was lost, without sending it again', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 2, drop: 'after' });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
    expect(registry.receivedBytes).toBe(blob.size);
  });

  it('completes after any number of lost connections if each attempt makes progress', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 12, cutAfterBytes: 70_000 });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
  });

  it('fails after attempts without progress, and cancels its upload session', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 99, status: 500 });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'SERVER_ERROR' });
    expect(registry.requestsOf('PATCH')).toHaveLength(4);
    expect(registry.uploads.size).toBe(0);
  });

  it('restarts if the registry has lost the upload session', async () => {
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

  it('is complete if only the last response was lost', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PUT/, times: 1, drop: 'after' });
    await client.uploadBlob('a', blob, file);
    expect(registry.receivedBytes).toBe(blob.size);
  });

  it('is sent whole to a registry without chunks, the next blob immediately', async () => {
    const { client, registry } = await setup({ chunks: false }, { chunkBytes });
    await client.uploadBlob('a', blob, file);
    await client.uploadBlob('b', blob, file);
    expect(arrived(registry) && arrived(registry, 'b')).toBe(true);
    expect(registry.requestsOf('PATCH')).toHaveLength(1);
    expect(registry.requestsOf('PUT')).toHaveLength(2);
    expect(registry.uploads.size).toBe(0);
  });

  it('is sent again if it was corrupted in transit', async () => {
    const { client, registry } = await setup();
    const body = '{"errors":[{"code":"DIGEST_INVALID","message":"no"}]}';
    registry.faults.push({ when: /^PUT/, times: 1, status: 400, body });
    await client.uploadBlob('a', blob, file);
    expect(arrived(registry)).toBe(true);
  });
});

describe('a damaged file', () => {
  it('is not sent if it is too short', async () => {
    const { client, registry } = await setup();
    const longer = { ...blob, size: blob.size + 1 };
    const uploading = client.uploadBlob('a', longer, file);
    await expect(uploading).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    await expect(uploading).rejects.toThrow(/has 1000000 bytes instead of 1000001/);
    expect(registry.requestsOf('POST')).toEqual([]);
  });

  it('is reported and not retried', async () => {
    const { client, registry } = await setup();
    const damaged = { ...blob, digest: digestOf('something else') };
    const uploading = client.uploadBlob('a', damaged, file);
    await expect(uploading).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(registry.requestsOf('PUT')).toHaveLength(1);
  });

  it('is only opened if it has to be sent', async () => {
    const { client } = await setup();
    await client.uploadBlob('a', blob, content);
    const never = () => Promise.reject(new Error('opened'));
    expect(await client.uploadBlob('a', blob, never)).toBe('present');
    expect(await client.uploadBlob('b', blob, never, { mountFrom: ['a'] })).toBe('mounted');
    await expect(client.uploadBlob('c', blob, never)).rejects.toThrow('opened');
  });
});

describe('a cross-repository mount', () => {
  it('uses the repository that has the blob', async () => {
    const { client, registry } = await setup();
    await client.uploadBlob('other', blob, file);
    registry.receivedBytes = 0;
    const mountFrom = ['none', 'a', 'other'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('mounted');
    expect(arrived(registry)).toBe(true);
    expect(registry.receivedBytes).toBe(0);
    expect(registry.requestsOf('POST')).toHaveLength(2);
  });

  it('continues the upload of a registry that does not mount, and is not tried again', async () => {
    const { client, registry } = await setup({ mounts: false });
    const other = { digest: digestOf('other'), size: 5 };
    for (const repository of ['s', 't']) {
      await client.uploadBlob(repository, blob, file);
      await client.uploadBlob(repository, other, Buffer.from('other'));
    }
    registry.requests.length = 0;
    const mountFrom = ['s', 't'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('uploaded');
    expect(registry.requestsOf('POST')).toHaveLength(1);
    await client.uploadBlob('a', other, Buffer.from('other'), { mountFrom });
    expect(registry.requests.filter((line) => line.startsWith('HEAD /v2/s/'))).toHaveLength(1);
    expect(registry.uploads.size).toBe(0);
  });

  it('from an unreadable or missing repository does not prevent the upload', async () => {
    const { client, registry } = await setup({ repositories: ['a'] });
    registry.faults.push({ when: /^(HEAD|POST) .*\/closed\//, times: 99, status: 403 });
    const mountFrom = ['closed', 'missing'];
    expect(await client.uploadBlob('a', blob, file, { mountFrom })).toBe('uploaded');
    expect(arrived(registry)).toBe(true);
  });
});

describe('a full registry', () => {
  it('is reported as out of space after the retries, with the remedy', async () => {
    const { client, registry } = await setup({ capacityBytes: 500_000 }, { chunkBytes });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status: 500 });
    await expect(uploading).rejects.toThrow(/Free space in the registry/);
    expect(registry.uploads.size).toBe(0);
    expect(registry.blobs.size).toBe(0);
  });

  it.each([
    [507, ''],
    [500, '{"errors":[{"code":"UNKNOWN","message":"write /data: no space left on device"}]}'],
    [503, '<Error><Code>QuotaExceeded</Code></Error>'],
  ])('is recognized by HTTP %d %s', async (status, body) => {
    const { client, registry } = await setup();
    registry.faults.push({ when: /^PUT/, times: 4, status, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status });
    expect(registry.requestsOf('PUT')).toHaveLength(4);
  });

  it('reports an exceeded quota without retries', async () => {
    const { client, registry } = await setup();
    const body =
      '{"errors":[{"code":"DENIED","message":"this will exceed the configured upper limit of 1 GiB"}]}';
    registry.faults.push({ when: /^POST/, times: 9, status: 403, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'OUT_OF_SPACE', status: 403 });
    expect(registry.requestsOf('POST')).toHaveLength(1);
  });
});

describe('a response before the body has been read', () => {
  it('is evaluated', async () => {
    const { client, registry } = await setup();
    const body = '{"errors":[{"code":"DENIED","message":"not yours"}]}';
    registry.faults.push({ when: /^PUT/, times: 9, status: 403, early: true, body });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toMatchObject({ code: 'DENIED' });
  });

  it('of a proxy with a request limit is reported with the remedy', async () => {
    const { client, registry } = await setup({}, { chunkBytes });
    registry.faults.push({ when: /^PATCH/, times: 9, status: 413, early: true });
    const uploading = client.uploadBlob('a', blob, file);
    await expect(uploading).rejects.toThrow(/TOO_LARGE.*A proxy in front/);
  });
});

describe('retries', () => {
  it('are reported with reason and pause', async () => {
    const reported: RetryEvent[] = [];
    const { client, registry } = await setup({}, { onRetry: (event) => reported.push(event) });
    registry.faults.push(
      { when: /^HEAD/, times: 1, status: 503 },
      { when: /^POST/, times: 1, drop: 'before' },
    );
    await client.uploadBlob('a', blob, file);
    expect(reported).toEqual([
      { attempt: 2, attempts: 4, reason: 'HTTP 503', delayMs: expect.any(Number) },
      { attempt: 2, attempts: 4, reason: 'UND_ERR_SOCKET', delayMs: expect.any(Number) },
    ]);
  });

  it('end when the caller cancels', async () => {
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
