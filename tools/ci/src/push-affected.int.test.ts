import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../push-affected.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

describe('push-affected.sh', () => {
  it('pushes the images that changed since the base', async () => {
    await sandbox.program('npx', 'exit 0');
    const { code } = await sandbox.run(script, ['abc'], { ENVIRONMENT: 'staging' });
    expect(code).toBe(0);
    expect(await sandbox.calls('npx')).toEqual([
      'nx affected -t docker-push -c staging --engine=oci --base=abc --head=HEAD',
    ]);
  });

  it.each([[['']], [[]]])('pushes all images without a base (%j)', async (args) => {
    await sandbox.program('npx', 'exit 0');
    await sandbox.run(script, args, { ENVIRONMENT: 'prod', ENGINE: 'docker' });
    expect(await sandbox.calls('npx')).toEqual([
      'nx run-many -t docker-push -c prod --engine=docker',
    ]);
  });

  it('leaves moving tags to a release that follows', async () => {
    await sandbox.program('npx', 'exit 0');
    await sandbox.run(script, [], { ENVIRONMENT: 'prod', MOVING_TAGS: 'release' });
    await sandbox.run(script, [], { ENVIRONMENT: 'prod', MOVING_TAGS: 'push' });
    expect(await sandbox.calls('npx')).toEqual([
      'nx run-many -t docker-push -c prod --engine=oci --movingTags=false',
      'nx run-many -t docker-push -c prod --engine=oci',
    ]);
  });

  it('rejects another value of MOVING_TAGS, and pushes nothing', async () => {
    const env = { ENVIRONMENT: 'prod', MOVING_TAGS: 'later' };
    const { code, stderr } = await sandbox.run(script, [], env);
    expect(code).toBe(1);
    expect(stderr).toContain('Invalid MOVING_TAGS "later". Expected push or release.');
    expect(await sandbox.calls('npx')).toEqual([]);
  });

  it('retries a failed push once', async () => {
    await sandbox.program('npx', '[ "$calls" -gt 1 ]');
    const { code, stderr } = await sandbox.run(script, ['abc'], { ENVIRONMENT: 'dev' });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: 'The push failed. Retrying once.\n',
    });
    const [first, second, third] = await sandbox.calls('npx');
    expect(second).toBe(first);
    expect(third).toBeUndefined();
  });

  it('fails if the retry fails', async () => {
    await sandbox.program('npx', 'exit 3');
    expect(await sandbox.run(script, ['abc'], { ENVIRONMENT: 'dev' })).toMatchObject({ code: 3 });
    expect(await sandbox.calls('npx')).toHaveLength(2);
  });

  it('fails without ENVIRONMENT', async () => {
    const { code, stderr } = await sandbox.run(script, ['abc']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENVIRONMENT: set it to the target environment/);
    expect(await sandbox.calls('npx')).toEqual([]);
  });
});
