import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

const main = path.join(__dirname, 'main.ts');
const workspaceRoot = path.join(__dirname, '../../../..');

async function start(args: readonly string[], env: Record<string, string | undefined> = {}) {
  const started = promisify(execFile)(process.execPath, ['--import', 'tsx', main, ...args], {
    cwd: workspaceRoot,
    env: { ...process.env, ...env },
  });
  return started.then(
    () => ({ code: 0, stderr: '' }),
    (error: { code: number; stderr: string }) => error,
  );
}

describe('bench:ship', () => {
  it('loads from its sources, and names its options for an unknown one', async () => {
    const { code, stderr } = await start(['--nothing']);
    expect(stderr).toMatch(/^Unknown option '--nothing' Options: --quick, /m);
    expect(code).toBeGreaterThan(0);
  });

  it('lists everything that the machine lacks before it starts', async () => {
    const { code, stderr } = await start([], { PATH: '/nowhere' });
    expect(code).toBeGreaterThan(0);
    for (const missing of ['git', 'the AWS CLI', 'a running daemon', 'busybox', 'buildx plugin']) {
      expect(stderr).toMatch(new RegExp(`^  .*${missing}`, 'm'));
    }
  });
});
