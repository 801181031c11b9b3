import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../scan-affected.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

describe('scan-affected.sh', () => {
  it('scans the images that changed since the base, with the threshold of image.json', async () => {
    await sandbox.program('npx', 'exit 0');
    const { code } = await sandbox.run(script, ['abc'], { ENVIRONMENT: 'staging' });
    expect(code).toBe(0);
    expect(await sandbox.calls('npx')).toEqual([
      'nx affected -t docker-scan -c staging --output-style=static --base=abc --head=HEAD',
    ]);
  });

  it('scans all images without a base, with the threshold of SCAN_THRESHOLD', async () => {
    await sandbox.program('npx', 'exit 0');
    await sandbox.run(script, [''], { ENVIRONMENT: 'prod', SCAN_THRESHOLD: 'HIGH' });
    expect(await sandbox.calls('npx')).toEqual([
      'nx run-many -t docker-scan -c prod --output-style=static --threshold=HIGH',
    ]);
  });

  it('fails without a retry if a scan blocks the deployment', async () => {
    await sandbox.program('npx', 'exit 1');
    expect(await sandbox.run(script, ['abc'], { ENVIRONMENT: 'dev' })).toMatchObject({ code: 1 });
    expect(await sandbox.calls('npx')).toHaveLength(1);
  });

  it('fails without ENVIRONMENT', async () => {
    const { code, stderr } = await sandbox.run(script, ['abc']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENVIRONMENT: set it to the environment of the push/);
  });
});
