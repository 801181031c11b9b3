import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type Variables } from '@typerush/child-process';

/** Variables of the running task, which another Nx would take as its own. */
const ofRunningTask =
  /^NX_(TASK|FORKED|INVOCATION|IPC|TERMINAL|STREAM|PREFIX|CLI_SET|LOAD|NATIVE_COMMAND)/;

/**
 * Runs another command of Nx in the workspace.
 * @param stdout The file descriptor of its output: 2 if standard output is for results.
 * @returns its exit code
 */
export async function runNx(
  args: readonly string[],
  workspaceRoot: string,
  variables: Variables,
  stdout: 1 | 2,
): Promise<number> {
  const nx = createRequire(path.join(workspaceRoot, 'package.json')).resolve('nx/bin/nx.js');
  const inherited = Object.entries(variables).filter(([name]) => !ofRunningTask.test(name));
  const child = spawn(process.execPath, [nx, ...args], {
    cwd: workspaceRoot,
    env: { ...Object.fromEntries(inherited), NX_TUI: 'false' },
    stdio: ['ignore', stdout, 2],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
