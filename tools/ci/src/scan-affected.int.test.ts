import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../scan-affected.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

describe('the scan', () => {
  it('is of what was pushed since the base, and blocked from where image.json says', async () => {
    await sandbox.program('npx', 'exit 0');
    const { code } = await sandbox.run(script, ['abc'], { ENVIRONMENT: 'staging' });
    expect(code).toBe(0);
    expect(await sandbox.calls('npx')).toEqual([
      'nx affected -t docker-scan -c staging --output-style=static --base=abc --head=HEAD',
    ]);
  });

  it('is of everything without a base, and blocked from where it is told', async () => {
    await sandbox.program('npx', 'exit 0');
    await sandbox.run(script, [''], { ENVIRONMENT: 'prod', SCAN_THRESHOLD: 'HIGH' });
    expect(await sandbox.calls('npx')).toEqual([
      'nx run-many -t docker-scan -c prod --output-style=static --threshold=HIGH',
    ]);
  });

  it('ends the delivery where it is blocked, at the first try', async () => {
    await sandbox.program('npx', 'exit 1');
    expect(await sandbox.run(script, ['abc'], { ENVIRONMENT: 'dev' })).toMatchObject({ code: 1 });
    expect(await sandbox.calls('npx')).toHaveLength(1);
  });

  it('does not start where nobody says where the images went', async () => {
    const { code, stderr } = await sandbox.run(script, ['abc']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENVIRONMENT: says where the images went/);
  });
});
