import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readServiceImage } from './service-image';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'service-'));
  await write('package.json', { name: '@acme/source', version: '1.2.3' });
  await write('registry.json', { namespace: 'acme', naming: 'shared' });
  await write('apps/a/image.json', image('a'));
});
afterEach(() => rm(root, { recursive: true }));

const image = (repository: string) => ({
  repository,
  retention: 'release',
  port: 3000,
  health: '/',
});

async function write(file: string, content: unknown): Promise<void> {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), text);
}

const targets = { 'docker-push': {} };
const read = (environment: 'dev' | 'prod' = 'dev') =>
  readServiceImage(
    {
      root,
      projectName: 'a',
      projectsConfigurations: {
        projects: {
          a: { root: 'apps/a', targets },
          b: { root: 'apps/b', targets },
          lib: { root: 'libs/lib' },
        },
      },
    },
    environment,
  );

describe('readServiceImage', () => {
  it('rejects a repository that another service declares, and names both files', async () => {
    await write('apps/b/image.json', image('a'));
    await expect(read()).rejects.toMatchObject({
      code: 'REPOSITORY_SHARED',
      message: expect.stringMatching(/apps\/b\/image\.json and apps\/a\/image\.json/),
    });
  });

  it('ignores other services that differ, are invalid or do not exist', async () => {
    await write('libs/lib/image.json', image('a'));
    for (const other of [image('b'), '{', undefined]) {
      if (other) await write('apps/b/image.json', other);
      else await rm(path.join(root, 'apps/b'), { recursive: true });
      expect(await read()).toMatchObject({ repository: 'acme/a', version: '1.2.3' });
    }
  });

  it('reads files that start with a byte order mark', async () => {
    const mark = '\uFEFF';
    await write('registry.json', `${mark}{"namespace":"acme","naming":"shared"}`);
    await write('apps/a/image.json', `${mark}${JSON.stringify(image('a'))}`);
    await write('apps/a/package.json', `${mark}{"version":"2.0.0"}`);
    expect(await read()).toMatchObject({ repository: 'acme/a', version: '2.0.0' });
  });

  it('rejects an invalid package.json by its path', async () => {
    await write('apps/a/package.json', '{"version":2}');
    await expect(read()).rejects.toMatchObject({
      code: 'PACKAGE_JSON_INVALID',
      message: expect.stringMatching(/^Cannot read apps\/a\/package\.json: [^]*version/),
    });
  });
});
