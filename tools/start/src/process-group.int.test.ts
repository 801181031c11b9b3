import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessGroup } from './process-group';

describe('ProcessGroup', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'process-group-'));
  });
  afterEach(async () => {
    await Promise.all(launched.splice(0).map((group) => group.stop(0)));
    await rm(folder, { recursive: true });
  });

  const launched: ProcessGroup[] = [];
  const launch = (script: string) => {
    const group = ProcessGroup.start({
      name: 'child',
      argv: [process.execPath, '-e', script],
      env: process.env,
      logFile: join(folder, 'logs/child.log'),
    });
    launched.push(group);
    return group;
  };

  const isRunning = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  const printed = async (group: ProcessGroup) => {
    for (;;) {
      const text = await readFile(group.command.logFile, 'utf8').catch(() => '');
      if (text.endsWith('\n')) return text.trim();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('reports the exit code and the last lines of the output', async () => {
    const group = launch('console.log("one"); console.error("two"); process.exitCode = 3');
    expect(await group.exited).toBe(3);
    expect((await group.tail(2)).split('\n').sort()).toEqual(['one', 'two']);
  });

  it('ends the grandchildren with the child', async () => {
    const group = launch(
      `const { spawn } = require('node:child_process');
       const grandchild = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       process.stdout.write(grandchild.pid + '\\n'); setInterval(() => {}, 1000);`,
    );
    const grandchild = Number(await printed(group));
    expect(isRunning(grandchild)).toBe(true);
    await group.stop();
    while (isRunning(grandchild)) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('ends a child that ignores SIGTERM', async () => {
    const group = launch(
      'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)',
    );
    await printed(group);
    await group.stop(100);
    expect(await group.exited).not.toBe(0);
  });

  it('reports a program that cannot be started as exit code 127', async () => {
    const group = ProcessGroup.start({
      name: 'none',
      argv: ['/does/not/exist'],
      env: {},
      logFile: join(folder, 'none.log'),
    });
    expect(await group.exited).toBe(127);
  });
});
