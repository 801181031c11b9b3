import { type CustomHasher } from '@nx/devkit';
import hashBuild from './hasher';

type Task = Parameters<CustomHasher>[0];
type Context = Parameters<CustomHasher>[1];

/** A context whose hash is the overrides that it is given, in a folder that is no workspace. */
const context = {
  hasher: {
    hashTask: ({ overrides }: Task) => Promise.resolve({ value: JSON.stringify(overrides) }),
  },
  projectsConfigurations: { version: 2, projects: {} },
  taskGraph: { dependencies: {} },
} as unknown as Context;

const task = (overrides: object) =>
  ({ target: { project: 'app', target: 'docker-build' }, overrides, cache: true }) as Task;

describe('the hash of a build', () => {
  // As they stand on a command line: Nx hands them over so.
  it.each([{ 'dry-run': true }, { dryRun: true }, { load: true }, { json: true }])(
    'takes nothing from the cache, and puts nothing there, for %j',
    async (overrides) => {
      const one = task(overrides);
      await hashBuild(one, context);
      expect(one.cache).toBe(false);
    },
  );

  it('leaves out what docker-push passes on for itself', async () => {
    const mine = { engine: 'oci', tag: '{branch}', region: 'eu-west-1', provision: true };
    const { value } = await hashBuild(task({ ...mine, 'build-target': 'bundle' }), context);
    expect(value).toBe('{"engine":"oci","buildTarget":"bundle"}');
  });
});
