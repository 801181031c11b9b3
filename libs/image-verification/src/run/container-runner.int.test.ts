import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installFake } from '@typerush/child-process/testing';
import { ContainerRunner } from './container-runner';
import { ImageRefused, RunnerFailure } from './image-runner';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'container-runner-'));
});
afterEach(() => rm(folder, { recursive: true }));

const image = { run: {}, port: 3000, env: { SERVICE_TOKEN: 'x y' }, files: [], leftOut: [] };
const state = (running: boolean) =>
  `echo '{"Running":${running},"StartedAt":"2027-01-20T10:00:00.123456789Z"}'`;
const good = {
  inspect: state(true),
  port: `printf '3000/tcp -> 0.0.0.0:1\\n127.0.0.1:49153\\n'`,
  wait: 'sleep 0.2; echo 0',
  logs: 'echo out; echo err >&2',
};

type Load = () => Promise<void>;
const loaded: Load = async () => undefined;

/** A docker that records its arguments. */
async function fake(commands: Readonly<Record<string, string>>, load: Load = loaded) {
  const log = path.join(folder, 'calls');
  const names = 'info create start inspect port wait stop logs exec rm rmi'.split(' ');
  const scripts = names.map((name) => [name, `echo "$@" >>${log}; ${commands[name] ?? ''}`]);
  const bin = await installFake(path.join(folder, 'bin/docker'), Object.fromEntries(scripts));
  const variables = { PATH: `${bin}:/usr/bin:/bin` };
  return {
    runner: new ContainerRunner({ name: 'docker', variables, load }),
    /** Only some commands: others may run at the same time. */
    calls: async (command: RegExp) =>
      (await readFile(log, 'utf8')).split('\n').filter((line) => command.test(line)),
  };
}

it('runs the image read-only, without capabilities, published only on this machine', async () => {
  const { runner, calls } = await fake(good);
  const running = await runner.start(image);
  expect(running.url).toBe('http://127.0.0.1:49153');
  expect((await calls(/^create/))[0]).toMatch(
    /^create --name=(nx-ecr-verify-[\da-f-]{36}) --read-only --cap-drop=ALL --security-opt=no-new-privileges --no-healthcheck --memory=512m --publish=127\.0\.0\.1::3000 --env=SERVICE_TOKEN=x y nx-ecr-verify:[\da-f]{12}$/,
  );
  running.remove();
});

it('removes the container and the image', async () => {
  const { runner, calls } = await fake(good);
  (await runner.start(image)).remove();
  expect(await calls(/^rm/)).toEqual([
    expect.stringMatching(/^rm -f nx-ecr-verify-/),
    expect.stringMatching(/^rmi nx-ecr-verify:/),
  ]);
});

it.each([
  ['the image cannot be loaded', {}, () => Promise.reject(new Error('no space left'))],
  ['no container can be created', { create: 'echo "no cgroups" >&2; exit 125' }, loaded],
  ['no container can be started', { start: 'echo "no rlimits" >&2; exit 126' }, loaded],
  ['its port is not published', { ...good, port: 'exit 1' }, loaded],
])(
  'throws RunnerFailure if %s, and removes everything',
  async (_, commands: Record<string, string>, load: Load) => {
    const { runner, calls } = await fake(commands, load);
    await expect(runner.start(image)).rejects.toBeInstanceOf(RunnerFailure);
    expect(await calls(/^rm/)).toEqual([
      expect.stringMatching(/^rm -f /),
      expect.stringMatching(/^rmi /),
    ]);
  },
);

it('throws ImageRefused if the program of the image does not exist', async () => {
  const error = 'runc create failed: exec: \\"server\\": executable file not found in PATH';
  const { runner } = await fake({
    ...good,
    start: `echo "${error}" >&2; echo "Error: failed to start" >&2; exit 1`,
  });
  await expect(runner.start(image)).rejects.toBeInstanceOf(ImageRefused);
});

it('runs an image that ends before its port is published', async () => {
  const { runner } = await fake({ ...good, inspect: state(false), port: 'exit 1', wait: 'echo 3' });
  const running = await runner.start(image);
  expect(await running.ended).toBe(3);
  running.remove();
});

it('returns both streams, and whether the container was killed', async () => {
  const { runner, calls } = await fake({ ...good, wait: 'echo 137' });
  const running = await runner.start(image);
  expect(await running.logs()).toBe('out\nerr\n');
  expect(await running.stop(10)).toEqual({ killed: true });
  expect(await calls(/^stop/)).toEqual([expect.stringMatching(/^stop --time=10 nx-ecr-verify-/)]);
  running.remove();
});

it('runs a health check with or without a shell, as the image configures it', async () => {
  const { runner, calls } = await fake(good);
  const running = await runner.start(image);
  await running.run(['CMD', 'node', 'check.js']);
  await running.run(['CMD-SHELL', 'wget -q localhost']);
  expect(await calls(/^exec/)).toEqual([
    expect.stringMatching(/^exec nx-ecr-verify-[\da-f-]+ node check\.js$/),
    expect.stringMatching(/^exec nx-ecr-verify-[\da-f-]+ \/bin\/sh -c wget -q localhost$/),
  ]);
  running.remove();
});

it.each([
  ['there is no client', '', undefined, 'it is not on PATH'],
  [
    'no daemon answers',
    'echo "ERROR: Cannot connect" >&2; exit 1',
    undefined,
    'ERROR: Cannot connect',
  ],
  [
    'the image is for another platform',
    'exit 0',
    'the image is for linux/arm64',
    'the image is for',
  ],
])('detects a reason if %s', async (_, info, unsuitable, reason) => {
  if (info) await installFake(path.join(folder, 'bin/podman'), { info });
  const variables = { PATH: path.join(folder, 'bin') };
  const runner = new ContainerRunner({ name: 'podman', variables, load: loaded, unsuitable });
  expect(await runner.detect()).toContain(reason);
});

it('detects no reason if the client responds', async () => {
  const { runner } = await fake({});
  expect(await runner.detect()).toBeUndefined();
});
