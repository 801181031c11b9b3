import { readFile } from 'node:fs/promises';
import { run } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const services = ['game-service', 'record-service'];

/** Builds every image with the `oci` engine, in a new folder, with this umask, locale and time zone. */
async function digests(umask: string, env: Record<string, string>): Promise<string[]> {
  const workspace = await WorkspaceCopy.create();
  try {
    const command = `umask ${umask}; node_modules/.bin/nx run-many -t docker-build --engine=oci -p ${services}`;
    const { code, output } = await run('sh', ['-c', command], {
      cwd: workspace.root,
      env: { ...workspace.env, ...env },
    });
    if (code !== 0) throw new Error(output);
    return await Promise.all(
      services.map(async (service) => {
        const file = workspace.path('dist/images', service, 'build.json');
        return (JSON.parse(await readFile(file, 'utf8')) as { digest: string }).digest;
      }),
    );
  } finally {
    await workspace.remove();
  }
}

it('the oci engine builds the same digests in two folders, with two umasks, locales and time zones', async () => {
  const first = await digests('022', { TZ: 'UTC', LC_ALL: 'C' });
  const second = await digests('077', { TZ: 'Asia/Ho_Chi_Minh', LC_ALL: 'C.UTF-8' });
  expect(first).toEqual(services.map(() => expect.stringMatching(/^sha256:[0-9a-f]{64}$/)));
  expect(second).toEqual(first);
});
