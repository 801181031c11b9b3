import { randomBytes } from 'node:crypto';
import { fakeRegistries } from '../../test/fake-registry-setup';
import { digestOf } from '../digest';
import { type RegistryCredentials } from './registry-credentials';

const setup = fakeRegistries();
const content = randomBytes(500_000);
const blob = { digest: digestOf(content), size: content.length };
const first = { username: 'AWS', password: 'first-secret' };
const second = { username: 'AWS', password: 'second-secret' };

/** Gives one after the other, then the last one again; counts. */
function provider(...all: RegistryCredentials[]) {
  const asked: number[] = [];
  const give = async () => {
    asked.push(asked.length);
    const credentials = all[Math.min(asked.length, all.length) - 1];
    if (!credentials) throw new Error('there are some');
    return credentials;
  };
  return { asked, give };
}

describe('credentials from a provider', () => {
  it('are asked for when the registry wants them, once for requests that come together', async () => {
    const { asked, give } = provider(first);
    const { client } = await setup({ basic: first }, { credentials: give });
    expect(asked).toHaveLength(0);
    await Promise.all(['a', 'b', 'c'].map((name) => client.hasBlob(name, blob.digest)));
    expect(asked).toHaveLength(1);
  });

  it.each([403, 401] as const)(
    'are asked for again once they have expired (%d), by all that runs together once',
    async (expiredStatus) => {
      const { asked, give } = provider(first, second);
      const { client, registry } = await setup(
        { basic: first, expiredStatus },
        { credentials: give },
      );
      const names = ['a', 'b', 'c', 'd'];
      await Promise.all(names.map((name) => client.hasBlob(name, blob.digest)));
      registry.gate.rotate(second.password);
      await Promise.all(names.map((name) => client.uploadBlob(name, blob, content)));
      expect(registry.blobs.size).toBe(4);
      expect(asked).toHaveLength(2);
    },
  );

  it('that expire in the middle of an upload are renewed, and the upload goes on', async () => {
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

  it('that have expired from the start are asked for once more', async () => {
    const { asked, give } = provider(first, second);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    registry.gate.rotate(second.password);
    expect(await client.hasBlob('a', blob.digest)).toBe(false);
    expect(asked).toHaveLength(2);
  });

  it('that stay expired are an error that says so', async () => {
    const { asked, give } = provider(first);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    registry.gate.rotate(second.password);
    const uploading = client.getManifest('a', 'v1');
    await expect(uploading).rejects.toMatchObject({ code: 'TOKEN_EXPIRED', status: 403 });
    await expect(uploading).rejects.toThrow(/Log in again: the login has run out/);
    expect(asked).toHaveLength(2);
  });

  it('that are wrong fail at once', async () => {
    const { asked, give } = provider(second);
    const { client, registry } = await setup({ basic: first }, { credentials: give });
    const asking = client.hasBlob('a', blob.digest);
    await expect(asking).rejects.toMatchObject({ code: 'UNAUTHORIZED', status: 401 });
    expect(asked).toHaveLength(1);
    expect(registry.requests).toHaveLength(2);
  });

  it('that became wrong are renewed once, then it fails', async () => {
    const { asked, give } = provider(first);
    const { client, registry } = await setup(
      { basic: first, expiredStatus: 401 },
      { credentials: give },
    );
    await client.hasBlob('a', blob.digest);
    registry.gate.rotate(second.password);
    await expect(client.hasBlob('a', blob.digest)).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    expect(asked).toHaveLength(2);
  });

  it('that cannot be had are the error of the provider, and are tried anew the next time', async () => {
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
  it('that have expired are told as such, for HEAD too, which has no body to say so', async () => {
    const { client, registry } = await setup({ basic: first }, { credentials: first });
    registry.gate.rotate(second.password);
    const asking = client.hasBlob('a', blob.digest);
    await expect(asking).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    await expect(asking).rejects.not.toThrow(/secret/);
  });
});

describe('bearer tokens', () => {
  it('are renewed when they have expired', async () => {
    const { client, registry } = await setup({ bearer: true });
    await client.uploadBlob('a', blob, content);
    registry.gate.rotateTokens();
    expect(await client.hasBlob('a', blob.digest)).toBe(true);
    registry.gate.rotateTokens();
    await client.uploadBlob('b', blob, content);
    expect(registry.blobs.size).toBe(2);
  });

  it('are got with a password, and with a new one when that has expired', async () => {
    const { asked, give } = provider(first, second);
    const { client, registry } = await setup({ bearer: true, basic: first }, { credentials: give });
    await client.hasBlob('a', blob.digest);
    registry.gate.rotate(second.password);
    registry.gate.rotateTokens();
    await client.hasBlob('a', blob.digest);
    expect(asked).toHaveLength(2);
  });

  it('are got for an identity token by POST', async () => {
    const credentials = { username: '', password: '', identityToken: 'refresh-secret' };
    const options = { bearer: true, identityToken: 'refresh-secret' };
    const { client, registry } = await setup(options, { credentials });
    await client.uploadBlob('a/b', blob, content);
    const form = registry.gate.tokenRequests[0];
    expect(form?.get('grant_type')).toBe('refresh_token');
    expect(form?.get('scope')).toBe('repository:a/b:pull');
    expect(form?.get('service')).toBe('fake');
  });

  it('that a wrong identity token does not get are an error without it', async () => {
    const credentials = { username: '', password: '', identityToken: 'wrong-secret' };
    const options = { bearer: true, identityToken: 'right' };
    const { client, registry } = await setup(options, { credentials });
    const asking = client.hasBlob('a', blob.digest);
    await expect(asking).rejects.toMatchObject({ code: 'UNAUTHORIZED' });
    await expect(asking).rejects.not.toThrow(/secret/);
    expect(registry.gate.tokenRequests).toHaveLength(1);
  });
});
