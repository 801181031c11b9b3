import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { digestOf } from '../digest';
import { Connection } from './connection';
import { partOf } from './blob-content';

const setup = fakeRegistries();
const content = randomBytes(600_000);
const blob = { digest: digestOf(content), size: content.length };
const once = { retries: 0, minDelayMs: 1, maxDelayMs: 1 };

describe('an idle request', () => {
  it('fails after the idle timeout', async () => {
    const { client, registry } = await setup({}, { idleTimeoutMs: 100, retry: once });
    registry.faults.push({ when: /^HEAD/, times: 1, silent: true });
    const query = client.hasBlob('a', blob.digest);
    await expect(query).rejects.toMatchObject({ code: 'TIMEOUT' });
    await expect(query).rejects.toThrow(/no progress for 0.1 s.*Check the network/);
  });

  it('is retried', async () => {
    const { client, registry } = await setup({}, { idleTimeoutMs: 100 });
    registry.faults.push({ when: /^(HEAD|PUT)/, times: 2, silent: true });
    expect(await client.uploadBlob('a', blob, content)).toBe('uploaded');
    expect(registry.blobs.size).toBe(1);
  });

  it('fails in the middle of a response too', async () => {
    const { client, registry } = await setup({}, { idleTimeoutMs: 100, retry: once });
    const headers = { 'content-length': '9' };
    registry.faults.push({ when: /^GET/, times: 1, status: 200, headers, unfinished: 'half' });
    await expect(client.getManifest('a', 'v1')).rejects.toMatchObject({ code: 'TIMEOUT' });
  });
});

describe('a slow upload', () => {
  it('does not fail during progress, even if it takes long', async () => {
    const pauseMs = 20;
    /** A slow network. */
    const slowFetch: typeof fetch = async (_url, init) => {
      for await (const piece of init?.body as unknown as AsyncIterable<Uint8Array>) {
        await sleep(pauseMs);
        init?.signal?.throwIfAborted();
        arrived.push(piece);
      }
      return new Response(null, { status: 201 });
    };
    const arrived: Uint8Array[] = [];
    const idleTimeoutMs = 400;
    const connection = new Connection({ host: 'slow', fetch: slowFetch, idleTimeoutMs });
    const large = randomBytes(50 * 65_536);
    const body = partOf(large, 0, large.length);
    const request = { method: 'PUT', headers: new Headers(), body };
    const { status } = await connection.send(new URL('http://slow/'), request);
    expect(status).toBe(201);
    expect(Buffer.concat(arrived).equals(large)).toBe(true);
    expect(arrived.length * pauseMs).toBeGreaterThan(idleTimeoutMs);
  });

  it('continues in smaller chunks if the kernel hides its progress', async () => {
    const { client, registry } = await setup({}, { idleTimeoutMs: 400 });
    // The kernel buffers these eight chunks of a megabyte; the registry needs longer than the timeout.
    const slowly = { pieceBytes: 1_000_000, pauseMs: 250 };
    registry.faults.push({ when: /^(PATCH|PUT)/, times: 99, slowly });
    const large = randomBytes(8_000_000);
    await client.uploadBlob('a', { digest: digestOf(large), size: large.length }, large);
    expect(registry.blobs.size).toBe(1);
  });
});
