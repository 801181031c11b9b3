import { createUpstreamFetch } from './upstream-fetch';

const origin = 'http://127.0.0.1:5000';
const manifest = `${origin}/v2/app/manifests/v1`;
const blob = `${origin}/v2/app/blobs/sha256:00`;
const upstreamFetch = createUpstreamFetch(origin, '1.1 cache');

let answers: Response[];
let calls: { url: string; authorization: string | null; via: string | null }[];
const realFetch = globalThis.fetch;
beforeEach(() => {
  answers = [];
  calls = [];
  globalThis.fetch = async (url, init) => {
    const headers = new Headers(init?.headers);
    const address = String(url);
    calls.push({
      url: address,
      authorization: headers.get('authorization'),
      via: headers.get('via'),
    });
    return answers.shift() ?? new Response('content');
  };
});
afterEach(() => {
  globalThis.fetch = realFetch;
});

const redirectTo = (location: string) => new Response(null, { status: 307, headers: { location } });
const get = (url: string) => upstreamFetch(url, { headers: { authorization: 'Basic secret' } });

describe('createUpstreamFetch', () => {
  it('calls the upstream with its credentials and the names of the caches', async () => {
    expect(await (await get(manifest)).text()).toBe('content');
    expect(calls).toEqual([{ url: manifest, authorization: 'Basic secret', via: '1.1 cache' }]);
  });

  it.each([
    'http://127.0.0.1:5001/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://localhost/',
    'https://registry.localhost/',
    'http://169.254.169.254/latest/meta-data/',
    'http://storage.example.com/',
    'file:///etc/passwd',
  ])('does not follow the upstream to %s', async (location) => {
    answers = [redirectTo(location)];
    await expect(get(blob)).rejects.toThrow('which is not called');
    expect(calls).toHaveLength(1);
    await expect(get(location)).rejects.toThrow('which is not called');
    expect(calls).toHaveLength(1);
  });

  it('follows it to another host by HTTPS, without the credentials, even back again', async () => {
    answers = [redirectTo('https://cdn.example.com/a'), redirectTo(blob)];
    await get(blob);
    expect(calls.map(({ url, authorization }) => [url, authorization])).toEqual([
      [blob, 'Basic secret'],
      ['https://cdn.example.com/a', null],
      [blob, null],
    ]);
  });

  it('gives up after five redirects', async () => {
    answers = Array.from({ length: 9 }, () => redirectTo('/v2/app/blobs/sha256:00'));
    await expect(get(blob)).rejects.toThrow('more than 5 redirects');
    expect(calls).toHaveLength(6);
  });

  it('reads manifests and errors up to 4 MiB, and blobs whole', async () => {
    const large = () => new Response(new Uint8Array(4 * 1024 * 1024 + 1));
    answers = [large()];
    await expect((await get(manifest)).arrayBuffer()).rejects.toThrow('more than 4194304 bytes');
    answers = [large()];
    expect((await (await get(blob)).arrayBuffer()).byteLength).toBe(4 * 1024 * 1024 + 1);
    answers = [new Response(new Uint8Array(4 * 1024 * 1024 + 1), { status: 404 })];
    await expect((await get(blob)).arrayBuffer()).rejects.toThrow('more than 4194304 bytes');
  });
});
