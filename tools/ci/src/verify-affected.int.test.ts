import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../verify-affected.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

describe('verify-affected.sh', () => {
  it('verifies the images that changed since the base, built with the engine of the push', async () => {
    await sandbox.program('npx', 'exit 0');
    const { code } = await sandbox.run(script, ['abc'], {
      ENVIRONMENT: 'staging',
      ENGINE: 'docker',
    });
    expect(code).toBe(0);
    expect(await sandbox.calls('npx')).toEqual([
      'nx affected -t docker-verify -c staging --engine=docker --output-style=static --base=abc --head=HEAD',
    ]);
  });

  it('verifies all images without a base', async () => {
    await sandbox.program('npx', 'exit 0');
    await sandbox.run(script, [''], { ENVIRONMENT: 'prod' });
    expect(await sandbox.calls('npx')).toEqual([
      'nx run-many -t docker-verify -c prod --engine=oci --output-style=static',
    ]);
  });

  it('fails without a retry if an image fails verification', async () => {
    await sandbox.program('npx', 'exit 1');
    expect(await sandbox.run(script, ['abc'], { ENVIRONMENT: 'dev' })).toMatchObject({ code: 1 });
    expect(await sandbox.calls('npx')).toHaveLength(1);
  });

  it('fails without ENVIRONMENT', async () => {
    const { code, stderr } = await sandbox.run(script, ['abc']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENVIRONMENT: set it to the target environment/);
  });
});
