import { mkdtemp, mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import request from 'supertest';
import { RunningApp } from '../../test/running-app';

const script = `console.log(${JSON.stringify('typing '.repeat(200))});`;
const index = '<!doctype html><title>TypeRush</title><script src="/assets/page-A1.js"></script>';
const files = {
  'index.html': index,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'assets/page-A1.js': script,
  'assets/page-A1.js.br': brotliCompressSync(script),
  'assets/page-A1.js.gz': gzipSync(script),
  'assets/font-B2.woff2': Buffer.alloc(64, 7),
  '../secret.txt': 'not for the web',
};

/** As the files of an image: all of one time. */
async function writeFiles(folder: string, all: Record<string, string | Buffer>): Promise<void> {
  for (const [name, content] of Object.entries(all)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    await utimes(file, 0, 0);
  }
}

describe('the page', () => {
  let root: string;
  let running: RunningApp;
  const servePage = async (changes: Record<string, string | Buffer> = {}) => {
    await writeFiles(path.join(root, 'public'), { ...files, ...changes });
    running = await RunningApp.start({ pageFolder: path.join(root, 'public') });
    return running.url;
  };

  beforeEach(async () => (root = await mkdtemp(path.join(tmpdir(), 'page-'))));
  afterEach(async () => {
    await running.stop();
    await rm(root, { recursive: true });
  });

  it.each(['/', '/?from=link', '/race', '/race/ABC234', '/leaderboards'])(
    'is index.html at %s, revalidated at each use',
    async (address) => {
      const { status, text, headers } = await request(await servePage()).get(address);
      expect([status, text]).toEqual([200, index]);
      expect(headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-cache',
      });
      expect(headers).not.toHaveProperty('last-modified');
    },
  );

  it('runs only files of its origin, and nothing inline', async () => {
    const { headers } = await request(await servePage()).get('/');
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*|data:|blob:|https?:/);
    expect(headers['x-content-type-options']).toBe('nosniff');
  });

  it('has assets that are cached for ever', async () => {
    const { status, headers, text } = await request(await servePage())
      .get('/assets/page-A1.js')
      .set('accept-encoding', 'identity');
    expect([status, text]).toEqual([200, script]);
    expect(headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(headers).not.toHaveProperty('content-encoding');
  });

  it.each([
    ['gzip, deflate, br', 'br'],
    ['br;q=0, gzip', 'gzip'],
    ['gzip;q=0.5', 'gzip'],
    ['*', 'br'],
    ['deflate', undefined],
    ['', undefined],
  ])('compresses for Accept-Encoding "%s" with %s', async (accepted, coding) => {
    const response = await fetch(`${await servePage()}/assets/page-A1.js`, {
      headers: { 'accept-encoding': accepted },
    });
    expect(response.headers.get('content-encoding') ?? undefined).toBe(coding);
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await response.text()).toBe(script);
  });

  it('answers 406 if not even the plain file is accepted', async () => {
    const url = await servePage();
    await request(url).get('/').set('accept-encoding', 'identity;q=0').expect(406);
  });

  it('answers 304 to the ETag of the same content, per encoding', async () => {
    const url = await servePage();
    const get = (coding: string, known = '') =>
      request(url)
        .get('/assets/page-A1.js')
        .set('accept-encoding', coding)
        .set('if-none-match', known);
    const [plain, brotli] = [await get('identity'), await get('br')];
    expect(plain.headers.etag).not.toBe(brotli.headers.etag);
    expect((await get('br', brotli.headers.etag)).status).toBe(304);
    expect((await get('br', plain.headers.etag)).status).toBe(200);
  });

  it('has another ETag after a change that keeps size and time', async () => {
    const before = await request(await servePage()).get('/');
    await running.stop();
    const url = await servePage({ 'index.html': index.replace('A1', 'C3') });
    const after = await request(url).get('/').set('if-none-match', before.headers['etag']!);
    expect(after.status).toBe(200);
    expect(after.text).toContain('C3');
  });

  it('answers HEAD without a body', async () => {
    const url = await servePage();
    const head = await fetch(`${url}/assets/page-A1.js`, {
      method: 'HEAD',
      headers: { 'accept-encoding': 'br' },
    });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect(Number(head.headers.get('content-length'))).toBe(files['assets/page-A1.js.br'].length);
  });

  it('answers a range, and 416 to one outside of the file, which is not cached', async () => {
    const url = await servePage();
    const get = (range: string) =>
      request(url).get('/assets/page-A1.js').set({ range, 'accept-encoding': 'br' }).buffer(false);
    const part = await fetch(`${url}/assets/page-A1.js`, {
      headers: { range: 'bytes=0-6', 'accept-encoding': 'identity' },
    });
    expect([part.status, await part.text()]).toEqual([206, script.slice(0, 7)]);
    const { status, headers } = await get('bytes=999999-');
    expect(status).toBe(416);
    expect(headers['content-type']).toMatch(/^application\/json/);
    for (const header of ['content-encoding', 'cache-control']) {
      expect(headers).not.toHaveProperty(header);
    }
  });

  it.each([
    ['/assets/page-OLD.js', 'text/html'],
    ['/assets/page-A1.js.br', 'text/html'],
    ['/favicon.ico', 'text/html'],
    ['/nowhere', 'application/json'],
    ['/nowhere', '*/*'],
    ['/race/ABC234/more', 'application/json, text/html;q=0.9'],
  ])(
    'answers 404 to %s for a client that accepts %s, which is not cached',
    async (address, accepted) => {
      const { status, headers, body } = await request(await servePage())
        .get(address)
        .set('accept', accepted);
      expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
      expect(headers).not.toHaveProperty('cache-control');
    },
  );

  it.each(['/nowhere', '/race/ABC234/more', '/assets/'])(
    'is index.html with status 404 at %s, for a browser that follows a link',
    async (address) => {
      const url = await servePage();
      const navigate = (known = '') =>
        request(url)
          .get(address)
          .set('accept', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8')
          .set('if-none-match', known);
      const { status, text: content, headers } = await navigate();
      expect([status, content]).toEqual([404, index]);
      expect((await navigate(headers['etag'])).status).toBe(404);
    },
  );

  it.each([
    '/../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/assets/%00',
    '/%',
    '/__proto__',
  ])('gives nothing outside of its folder to %s', async (address) => {
    const url = new URL(await servePage());
    // A client's library would normalize the path.
    const socket = connect(Number(url.port), url.hostname);
    socket.write(`GET ${address} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
    expect(answer).not.toContain('not for the web');
  });

  it.each(['post', 'put', 'delete'] as const)('refuses %s', async (method) => {
    await request(await servePage())
      [method]('/')
      .expect(404);
  });

  it('can be missing', async () => {
    running = await RunningApp.start({ pageFolder: path.join(root, 'missing') });
    await request(running.url).get('/').expect(404);
    await request(running.url).get('/health/live').expect(200);
  });
});
