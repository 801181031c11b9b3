import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Each test starts processes.
jest.setTimeout(60_000);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'at-exit-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A process that registers an action; `then` is what it does next. */
function start(then: string) {
  const source = path.join(__dirname, 'at-exit.ts');
  const script = `
    const { atExit } = require(${JSON.stringify(source)});
    const { appendFileSync } = require('node:fs');
    const forget = atExit(() => appendFileSync(${JSON.stringify(path.join(folder, 'undone'))}, 'x'));
    ${then}`;
  const child = spawn(process.execPath, ['--require', require.resolve('tsx/cjs'), '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended };
}

const undone = () => readFile(path.join(folder, 'undone'), 'utf8').catch(() => '');

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('runs the action once on %s and ends the process', async (signal, code) => {
  const { child, ended } = start(`setInterval(() => {}, 1000); console.log('ready');`);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.kill(signal);
  expect(await ended).toBe(code);
  expect(await undone()).toBe('x');
});

it('runs the action when the process exits', async () => {
  expect(await start('process.exit(3);').ended).toBe(3);
  expect(await undone()).toBe('x');
});

it('does not run an action that was cancelled', async () => {
  expect(await start('forget();').ended).toBe(0);
  expect(await undone()).toBe('');
});
