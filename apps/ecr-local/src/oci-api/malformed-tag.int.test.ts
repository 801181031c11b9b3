import { type LocalServer, startLocalServer } from '../test/local-server';

let server: LocalServer;
beforeAll(async () => {
  server = await startLocalServer();
  await server.ecr.createRepository({ repositoryName: 'app' });
});
afterAll(() => server.close());

const answer = async (response: Response) => [response.status, await response.text()];

describe('a malformed tag', () => {
  const malformed = ['a b', '-a', '.a', 'a'.repeat(129), 'ä', 'a+b', '\0'];

  it.each(malformed)('like %j is one that no image has, and that no image gets', async (tag) => {
    const path = `/v2/app/manifests/${encodeURIComponent(tag)}`;
    const unknown = expect.stringContaining('MANIFEST_UNKNOWN');
    expect(await answer(await server.v2(path))).toEqual([404, unknown]);
    expect(await answer(await server.v2(path, { method: 'HEAD' }))).toEqual([404, '']);
    expect(await answer(await server.v2(path, { method: 'DELETE' }))).toEqual([404, unknown]);
    const push = await server.v2(path, { method: 'PUT', body: '{}' });
    expect(await answer(push)).toEqual([400, expect.stringContaining('TAG_INVALID')]);
  });
});
