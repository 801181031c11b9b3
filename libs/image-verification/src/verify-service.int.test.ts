import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuiltImage } from '@typerush/pipeline-context';
import { ImageUnderTest, goodProgram, type ImageChanges } from '../test/image-under-test';
import { type ImageConfig } from '@typerush/image-registry';
import { type Check } from './check';
import { ImageRefused, type ImageRunner, RunnerFailure } from './run/image-runner';
import { NodeRunner } from './run/node-runner';
import { verifyService, type VerifyOptions } from './verify-service';

// Each test starts processes.
jest.setTimeout(60_000);

let image: ImageUnderTest;
let notes: string[];
beforeEach(async () => {
  image = await ImageUnderTest.create();
  notes = [];
});
afterEach(() => image.remove());

const options: VerifyOptions = { runtime: 'auto', timeout: 20 };

function verify(
  config: Partial<ImageConfig> = {},
  changes: Partial<VerifyOptions> = {},
  runners: readonly ImageRunner[] = [new NodeRunner()],
) {
  return verifyService(
    image.service(config),
    { ...options, ...changes },
    {
      stopSeconds: 1,
      runners: () => runners,
      hostPlatform: 'linux/amd64',
      reporter: { note: (line) => void notes.push(line), progress: () => undefined },
    },
  );
}

async function checksOf(report: ReturnType<typeof verify>): Promise<readonly Check[]> {
  return ((await report).data as { checks: readonly Check[] }).checks;
}

/** The problems of the checks that fail, by id. */
async function failures(changes: ImageChanges, config?: Partial<ImageConfig>) {
  await image.build(changes);
  const checks = await checksOf(verify(config));
  return Object.fromEntries(
    checks.filter(({ outcome }) => outcome === 'failed').map(({ id, details }) => [id, details]),
  );
}

it('a good image passes every check', async () => {
  await image.build();
  const { passed, data, text } = await verify({ verify: { ready: '/ready' } });
  expect(passed).toBe(true);
  expect(data).toMatchObject({
    service: 'app',
    passed: true,
    runtime: 'node',
    platform: 'linux/amd64',
    coldStart: { liveMs: expect.any(Number), readyMs: expect.any(Number) },
  });
  const { checks } = data as { checks: readonly Check[] };
  const skipped = checks.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id);
  expect(skipped).toEqual(['development-packages', 'modules', 'runs-as', 'read-only']);
  expect(text).toContain('The base image was not run');
  expect(text).toMatch(/cold start: alive after \d+ ms, ready after \d+ ms/);
});

describe('the smoke test', () => {
  const listen = (answer: string, rest = '') =>
    `const server = require('node:http').createServer((request, response) => { ${answer} });
     server.listen(Number(process.env.PORT), process.env.HOST);
     process.once('SIGTERM', () => process.exit(0)); ${rest}`;

  it('fails live with the last response of an image that never gets healthy', async () => {
    await image.build({ program: listen('response.writeHead(503).end()') });
    const checks = await checksOf(verify({}, { timeout: 1 }));
    expect(checks.find(({ id }) => id === 'live')).toMatchObject({
      outcome: 'failed',
      details: ['status 503, for 1 s'],
      remedy: expect.stringContaining('verify.env'),
    });
    expect(checks.find(({ id }) => id === 'health-check-runs')).toMatchObject({
      outcome: 'skipped',
    });
    expect(checks.find(({ id }) => id === 'stops')).toMatchObject({ outcome: 'passed' });
  });

  it('fails live with the last lines of an image that ends at once', async () => {
    const program = 'console.error("SERVICE_TOKEN is missing"); process.exit(3);';
    const found = await failures({ program });
    expect(Object.keys(found)).toEqual(['live']);
    expect(found['live']).toEqual([
      expect.stringMatching(/^it ended with code 3 after \d+ ms$/),
      '  SERVICE_TOKEN is missing',
    ]);
  });

  it('fails live with the message of an error that is far above its last lines', async () => {
    const missing = Array.from({ length: 9 }, (_, index) => `missing${index}`);
    const program = `throw Object.assign(new Error('no SERVICE_TOKEN'), { missing: ${JSON.stringify(missing)} });`;
    const found = await failures({ program });
    expect(found['live']?.[1]).toBe('  Error: no SERVICE_TOKEN');
    expect(found['clean-start']).toEqual(['Error: no SERVICE_TOKEN']);
  });

  it('sets verify.env of image.json', async () => {
    const program = `if (process.env.NEEDED !== 'yes') process.exit(1);${goodProgram}`;
    expect(await failures({ program }, { verify: { env: { NEEDED: 'yes' } } })).toEqual({});
  });

  it('sets the variables of the image and none of this machine', async () => {
    const names = `Object.keys(process.env).sort().join()`;
    const program = `if (${names} !== 'HOST,PATH,PORT') { console.log(${names}); process.exit(1); }${goodProgram}`;
    expect(await failures({ program })).toEqual({});
  });

  it('fails ready if the image is alive and never ready', async () => {
    const program = listen(`response.writeHead(request.url === '/up' ? 200 : 503).end()`);
    await image.build({ program });
    const checks = await checksOf(verify({ verify: { ready: '/ready' } }, { timeout: 1 }));
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([
      expect.objectContaining({ id: 'ready', details: ['status 503, for 1 s'] }),
    ]);
  });

  it('fails stops if the image ignores its stop signal', async () => {
    const program = `process.on('SIGTERM', () => {});${goodProgram.replace('SIGTERM', 'SIGUSR2')}`;
    expect(await failures({ program })).toEqual({
      stops: [expect.stringMatching(/^it had to be killed after \d+ ms$/)],
    });
  });

  it('fails stops if the image has no handler of its stop signal, which does not end process 1 of a container', async () => {
    const program = goodProgram.replace('SIGTERM', 'SIGUSR2');
    expect(await failures({ program })).toEqual({
      stops: [expect.stringMatching(/^it had to be killed after \d+ ms$/)],
    });
  });

  it('passes an image that closes and sends itself the signal again, as Nest does', async () => {
    const program = goodProgram.replace(
      'server.close(() => process.exit(0));',
      `server.close(() => process.kill(process.pid, 'SIGTERM'));`,
    );
    expect(program).not.toBe(goodProgram);
    expect(await failures({ program })).toEqual({});
  });

  it('leaves the options of Node and child processes of the image as they are', async () => {
    const program = `
      const { fork } = require('node:child_process');
      if (process.argv[2] === 'child') return void setInterval(() => {}, 1_000);
      if (process.execArgv.length > 0) throw new Error(process.execArgv.join(' '));
      const child = fork(__filename, ['child']);
      ${goodProgram.replace('process.exit(0)', `child.kill('SIGTERM')`)}`;
    expect(program).toContain('child.kill');
    expect(await failures({ program })).toEqual({});
  });

  it('sends a stop signal that no program can handle', async () => {
    expect(Object.keys(await failures({ run: { StopSignal: 'SIGKILL' } }))).toEqual([
      'stop-signal',
      'stops',
    ]);
  });

  it('fails stops if the image exits with an error', async () => {
    const program = goodProgram.replace('process.exit(0)', 'process.exit(7)');
    expect(await failures({ program })).toEqual({ stops: ['it ended with code 7'] });
  });

  it('sends the stop signal of the image', async () => {
    const program = goodProgram.replace('SIGTERM', 'SIGINT');
    expect(await failures({ program, run: { StopSignal: 'SIGINT' } })).toEqual({});
  });

  it('fails clean-start if the image logs a stack trace, as text or JSON', async () => {
    const plain = `console.error(new TypeError('boom'));${goodProgram}`;
    expect(await failures({ program: plain })).toEqual({ 'clean-start': ['TypeError: boom'] });
    const json = `console.log(JSON.stringify({ stack: new Error('boom').stack }));${goodProgram}`;
    expect(Object.keys(await failures({ program: json }))).toEqual(['clean-start']);
  });

  const withModules = (text: string) => [{ files: [{ path: '/app/dependencies/index.js', text }] }];

  it('fails modules with the name and the message of each module that does not load, also if the service never loads it', async () => {
    const layers = withModules(`module.exports = {
      good: () => 1,
      bad: () => { throw new Error('the table is missing'); },
      worse: () => require('absent'),
    };`);
    const [problem] = (await failures({ layers }))['modules'] ?? [];
    expect(problem).toMatch(/bad: the table is missing\nworse: Cannot find module 'absent'/);
  });

  it('passes modules if one needs a package that the bundle leaves out, and waits for ES modules', async () => {
    await mkdir(path.join(image.root, 'dist/apps/app'), { recursive: true });
    const bundle = {
      main: 'service/main.js',
      packages: [],
      own: [],
      external: ['absent'],
      outputs: [],
    };
    await writeFile(path.join(image.root, 'dist/apps/app/bundle.json'), JSON.stringify(bundle));
    const layers = withModules(`let loaded;
    module.exports = {
      optional: () => require('absent/deep'),
      late: () => loaded.value,
      '#load': async () => { loaded = { value: 1 }; },
    };`);
    expect(await failures({ layers })).toEqual({});
  });

  it('fails health-check-runs if the health check of the image fails', async () => {
    const Healthcheck = {
      Test: ['CMD', 'node', '-e', 'console.error("no fetch"); process.exit(1)'],
    };
    expect(await failures({ run: { Healthcheck } })).toEqual({ 'health-check-runs': ['no fetch'] });
  });
});

describe('the runner', () => {
  const runner = (name: ImageRunner['name'], methods: Partial<ImageRunner>): ImageRunner => ({
    name,
    detect: async () => undefined,
    start: async () => Promise.reject(new Error('not requested')),
    ...methods,
  });
  const down = runner('docker', { detect: async () => 'the daemon does not respond' });
  const broken = runner('podman', {
    start: () => Promise.reject(new RunnerFailure('operation not permitted')),
  });

  it('is the first that works, and the others are reported', async () => {
    await image.build();
    const { passed, data } = await verify({}, {}, [down, broken, new NodeRunner()]);
    expect(passed).toBe(true);
    expect(data).toMatchObject({ runtime: 'node' });
    expect(notes).toEqual([
      'app: not run with docker: the daemon does not respond',
      'app: not run with podman: operation not permitted',
    ]);
  });

  it('is only the requested one', async () => {
    await image.build();
    await expect(
      verify({}, { runtime: 'podman' }, [down, broken, new NodeRunner()]),
    ).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      message: expect.stringContaining('podman: operation not permitted'),
    });
  });

  it('is not Node if the image starts another program', async () => {
    await image.build({ run: { Cmd: ['/bin/server'] } });
    await expect(verify()).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      message: expect.stringContaining('the image starts /bin/server'),
    });
  });

  it('fails live if the program of the image does not exist, and makes all other checks', async () => {
    await image.build({ run: { User: 'root' } });
    const refusing = runner('docker', {
      start: () => Promise.reject(new ImageRefused('exec: "server": not found')),
    });
    const checks = await checksOf(verify({}, {}, [refusing]));
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toMatchObject([
      { id: 'user' },
      { id: 'live', details: ['exec: "server": not found'] },
    ]);
  });
});

describe('verifyService', () => {
  it('rejects an image that was not built', async () => {
    await expect(verify()).rejects.toMatchObject({
      code: 'NOT_BUILT',
      message: expect.stringContaining('nx run app:docker-build'),
    });
  });

  it('rejects a damaged layer', async () => {
    await image.build();
    const { platforms } = JSON.parse(await image.read('build.json')) as BuiltImage;
    const layer = platforms[0]?.layers.find(({ fromBase }) => !fromBase);
    await image.damage(
      `oci/blobs/sha256/${layer?.digest.slice('sha256:'.length)}`,
      'x'.repeat(layer?.size ?? 0),
    );
    await expect(verify()).rejects.toMatchObject({ code: 'LAYER_UNREADABLE' });
  });
});
