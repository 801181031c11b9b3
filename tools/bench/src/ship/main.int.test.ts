import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

describe('bench:ship', () => {
  it('loads from its sources, and names its options for an unknown one', async () => {
    const main = path.join(__dirname, 'main.ts');
    const started = promisify(execFile)(process.execPath, ['--import', 'tsx', main, '--nothing'], {
      cwd: path.join(__dirname, '../../../..'),
    });
    const { code, stderr } = await started.then(
      () => ({ code: 0, stderr: '' }),
      (error: { code: number; stderr: string }) => error,
    );
    expect(stderr).toMatch(/^Unknown option '--nothing' Options: --quick, /m);
    expect(code).toBeGreaterThan(0);
  });
});
