import { randomBytes } from 'node:crypto';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { digestOf } from '../digest';
import { type RegistryCredentials } from './credentials';

const setup = fakeRegistries();
const content = randomBytes(500_000);
const blob = { digest: digestOf(content), size: content.length };
const first = { username: 'AWS', password: 'first-secret' };
const second = { username: 'AWS', password: 'second-secret' };

/** Returns each in turn, then the last one again, and counts calls. */
function provider(...all: RegistryCredentials[]) {
  const calls: number[] = [];
  const give = async () => {
    calls.push(calls.length);
    const credentials = all[Math.min(calls.length, all.length) - 1];
    if (!credentials) throw new Error('there are some');
    return credentials;
  };
  return { calls, give };
}

describe('credentials from a provider', () => {
  it('are requested when the registry requires them, once for concurrent requests', async () => {
    const { calls, give } = provider(first);
    const { client } = await setup({ basic: first }, { credentials: give });
    expect(calls).toHaveLength(0);
    await Promise.all(['a', 'b', 'c'].map((name) => client.hasBlob(name, blob.digest)));
    expect(calls).toHaveLength(1);
  });

  it.each([403, 401] as const)(
    'are requested again after they have expired (%d), once for concurrent requests',
    async (expiredStatus) => {
      const { calls, give } = provider(first, second);
      const { client, registry } = await setup(
        { basic: first, expiredStatus },
        { credentials: give },
      );
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(names.map((name) => client.hasBlob(name, blob.digest)));
      registry.gate.rotate(second.password);
      await Promise.all(names.map((name) => client.uploadBlob(name, blob, content)));
      expect(registry.blobs.size).toBe(4);
      expect(calls).toHaveLength(2);
    },
  );

  it('are renewed if they expire during an upload, which resumes', async () => {
    const { give } = provider(first, second);
    const options = { credentials: give, chunkBytes: 100_000 };
    const { client, registry } = await setup({ basic: first }, options);
    let chunks = 0;
    const onSent = (bytes: number) => {
      if (bytes % 100_000 === 0 && ++chunks === 2) registry.gate.rotate(second.password);
    };
    await client.uploadBlob('a', blob, content, { onSent });
    expect(registry.blobs.get(`a/${blob.digest}`)?.equals(content)).toBe(true);
    expect(registry.requestsOf('POST')).toHaveLength(1);
    expect(registry.requestsOf('PATCH')).toHaveLength(6);
  });

  it('are requested again if they have expired from the start', async () => {
    const { calls, give } = provider(first, second);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    registry.gate.rotate(second.password);
    expect(await client.hasBlob('a', blob.digest)).toBe(false);
    expect(calls).toHaveLength(2);
  });

  it('fail with TOKEN_EXPIRED if they stay expired', async () => {
    const { calls, give } = provider(first);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    registry.gate.rotate(second.password);
    const uploading = client.getManifest('a', 'v1');
    await expect(uploading).rejects.toMatchObject({ code: 'TOKEN_EXPIRED', status: 403 });
    await expect(uploading).rejects.toThrow(/Log in again: the credentials have expired/);
    expect(calls).toHaveLength(2);
  });

  it('fail at once if they are wrong', async () => {
    const { calls, give } = provider(second);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    const query = client.hasBlob('a', blob.digest);
    await expect(query).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
    expect(calls).toHaveLength(1);
    expect(registry.requests).toHaveLength(2);
  });

  it('are renewed once if they became wrong, then fail', async () => {
    const { calls, give } = provider(first);
    const { client, registry } = await setup(
      { basic: first, expiredStatus: 401 },
      { credentials: give },
    );
    await client.hasBlob('a', blob.digest);
    registry.gate.rotate(second.password);
    await expect(client.hasBlob('a', blob.digest)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(calls).toHaveLength(2);
  });

  it('fail with the error of the provider, which is called again the next time', async () => {
    let works = false;
    const credentials = async () => {
      if (works) return first;
      throw new Error('no network for STS');
    };
    const { client } = await setup({ basic: first }, { credentials });
    await expect(client.hasBlob('a', blob.digest)).rejects.toThrow('no network for STS');
    works = true;
    expect(await client.hasBlob('a', blob.digest)).toBe(false);
  });
});

describe('credentials by value', () => {
  it('fail with TOKEN_EXPIRED after they have expired, even for HEAD, which has no response body', async () => {
    const { client, registry } = await setup({ basic: first }, { credentials: first });
    registry.gate.rotate(second.password);
    const query = client.hasBlob('a', blob.digest);
    await expect(query).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    await expect(query).rejects.not.toThrow(/secret/);
  });
});

describe('bearer tokens', () => {
  it('are renewed after they have expired', async () => {
    const { client, registry } = await setup({ bearer: true });
    await client.uploadBlob('a', blob, content);
    registry.gate.rotateTokens();
    expect(await client.hasBlob('a', blob.digest)).toBe(true);
    registry.gate.rotateTokens();
    await client.uploadBlob('b', blob, content);
    expect(registry.blobs.size).toBe(2);
  });

  it('are requested with a password, and with a new one after that has expired', async () => {
    const { calls, give } = provider(first, second);
    const { client, registry } = await setup({ bearer: true, basic: first }, { credentials: give });
    await client.hasBlob('a', blob.digest);
    registry.gate.rotate(second.password);
    registry.gate.rotateTokens();
    await client.hasBlob('a', blob.digest);
    expect(calls).toHaveLength(2);
  });

  it('are requested for an identity token by POST', async () => {
    const credentials = { username: '', password: '', identityToken: 'refresh-secret' };
    const options = { bearer: true, identityToken: 'refresh-secret' };
    const { client, registry } = await setup(options, { credentials });
    await client.uploadBlob('a/b', blob, content);
    const form = registry.gate.tokenRequests[0];
    expect(form?.get('grant_type')).toBe('refresh_token');
    expect(form?.get('scope')).toBe('repository:a/b:pull');
    expect(form?.get('service')).toBe('fake');
  });

  it('fail without the identity token in the error if it is wrong', async () => {
    const credentials = { username: '', password: '', identityToken: 'wrong-secret' };
    const options = { bearer: true, identityToken: 'right' };
    const { client, registry } = await setup(options, { credentials });
    const query = client.hasBlob('a', blob.digest);
    await expect(query).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(query).rejects.not.toThrow(/secret/);
    expect(registry.gate.tokenRequests).toHaveLength(1);
  });
});
