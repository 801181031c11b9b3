import { readFile } from 'node:fs/promises';
import { run } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const services = ['game-service', 'record-service'];

interface Built {
  readonly platforms: readonly {
    readonly layers: readonly { readonly digest: string; readonly fromBase: boolean }[];
  }[];
}

describe('the oci engine on the oldest and the newest supported Node', () => {
  let workspace: WorkspaceCopy;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
  });
  afterAll(() => workspace?.remove());

  /** @returns the layers by whether they are of the base image, which has the Node that builds it */
  const build = async (node: 'oldest' | 'newest') => {
    const options = ['--engine=oci', '--base=stand-in', '--skip-nx-cache'];
    const nx = ['node_modules/.bin/nx', 'run-many', '-t', 'docker-build', '-p', `${services}`];
    const { code, output } = await run(workspace.path('.ci/with-node'), [node, ...nx, ...options], {
      cwd: workspace.root,
      env: workspace.env,
    });
    if (code !== 0) throw new Error(output);
    const built = await Promise.all(
      services.map(async (service) => {
        const text = await readFile(workspace.path('dist/images', service, 'build.json'), 'utf8');
        return JSON.parse(text) as Built;
      }),
    );
    const layers = built.flatMap(({ platforms }) => platforms.flatMap((each) => each.layers));
    return (fromBase: boolean) =>
      layers.filter((layer) => layer.fromBase === fromBase).map(({ digest }) => digest);
  };

  it('bundles and builds the same layers', async () => {
    const oldest = await build('oldest');
    const newest = await build('newest');
    expect(newest(true)).not.toEqual(oldest(true));
    // At least the three folders of each bundle.
    expect(oldest(false).length).toBeGreaterThanOrEqual(3 * services.length);
    expect(newest(false)).toEqual(oldest(false));
  });
});
