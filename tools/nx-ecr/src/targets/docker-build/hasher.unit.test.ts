import { type CustomHasher, type Task } from '@nx/devkit';
import { buildIdentity } from '@typerush/image-build';
import hashBuild from './hasher';

// What it adds for a base has tests of its own.
jest.mock('../../../../../libs/image-build/src/build-identity');
const identity = jest.mocked(buildIdentity);
beforeEach(() => identity.mockReset().mockResolvedValue('identity'));

type Context = Parameters<CustomHasher>[1];

/** Hashes the overrides of the task, which both ways of Nx have to see alike. */
async function hash(overrides: object, neededBy: readonly string[] = []) {
  const id = 'a:docker-build:dev';
  const target = { project: 'a', target: 'docker-build', configuration: 'dev' };
  const task = { id, target, overrides, outputs: [], cache: true } as unknown as Task;
  const context = {
    hasher: {
      hashTask: async (given: Task, graph: Context['taskGraph']) => {
        expect(graph.tasks[id]?.overrides).toEqual(given.overrides);
        return { value: JSON.stringify(given.overrides), details: {} };
      },
    },
    taskGraph: {
      tasks: { [id]: task },
      dependencies: Object.fromEntries(neededBy.map((other) => [other, [id]])),
    },
    projectsConfigurations: {
      projects: {
        a: {
          root: 'apps/a',
          targets: {
            'docker-build': {
              options: { dockerfile: 'Dockerfile' },
              configurations: { dev: { environment: 'dev' } },
            },
          },
        },
      },
    },
  } as unknown as Context;
  const { value } = await hashBuild(task, context);
  return { value, cache: task.cache };
}

describe('the hash of docker-build', () => {
  it('holds the options that decide what is built, and no others', async () => {
    const { value, cache } = await hash({ engine: 'oci', tag: 'pr-1', attest: false });
    expect(value).toBe('{"engine":"oci"}-identity');
    expect(cache).toBe(true);
  });

  it('looks up the base image with all options of the task', async () => {
    await hash({ base: 'registry' });
    const [options, project] = identity.mock.calls[0] ?? [];
    expect(options).toMatchObject({
      dockerfile: 'Dockerfile',
      environment: 'dev',
      base: 'registry',
    });
    expect(project).toMatchObject({ projectName: 'a' });
  });

  it.each([{ load: true }, { 'dry-run': true }, { dryRun: true }, { json: true }])(
    'is of no use with %j',
    async (overrides) => {
      expect((await hash(overrides)).cache).toBe(false);
    },
  );

  it('caches the task if the JSON is that of a target that depends on it', async () => {
    expect((await hash({ json: true }, ['a:docker-push:dev'])).cache).toBe(true);
  });

  it('disables the cache if Nx has replaced the requested configuration, so that the task reports it', async () => {
    process.env['NX_ECR_REQUESTED_CONFIGURATION'] = 'production';
    expect((await hash({})).cache).toBe(false);
    process.env['NX_ECR_REQUESTED_CONFIGURATION'] = 'dev';
    expect((await hash({})).cache).toBe(true);
    delete process.env['NX_ECR_REQUESTED_CONFIGURATION'];
  });

  it('disables the cache if the base image is unknown, without failing', async () => {
    identity.mockRejectedValue(new Error('no network'));
    expect(await hash({})).toEqual({ value: '{}', cache: false });
  });
});
