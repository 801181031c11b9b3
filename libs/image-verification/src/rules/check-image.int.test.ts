import { type Digest } from '@typerush/oci';
import { goodLabels, type ImageChanges, ImageUnderTest } from '../../test/image-under-test';
import { readImageToVerify } from '../image-to-verify';
import { checkImage } from './check-image';

let image: ImageUnderTest;
beforeEach(async () => {
  image = await ImageUnderTest.create();
  await image.bundled({ name: 'express', version: '5.0.0' });
  await image.lock({
    'node_modules/express': { version: '5.0.0' },
    'node_modules/jest': { version: '30.0.0', dev: true },
    'node_modules/ms': { version: '2.0.0', dev: true },
    'node_modules/express/node_modules/ms': { version: '2.0.0' },
  });
});
afterEach(() => image.remove());

const check = async () => checkImage(await readImageToVerify(image.service()));

/** The problems of the checks that fail, by id. */
async function failures(changes: ImageChanges) {
  await image.build(changes);
  const failed = (await check()).filter(({ outcome }) => outcome === 'failed');
  return Object.fromEntries(failed.map(({ id, details }) => [id, details]));
}

const file = (path: string, text: string | Buffer, rest = {}): ImageChanges => ({
  layers: [{ files: [{ path, text, ...rest }] }],
});

it('a good image passes every rule', async () => {
  await image.build();
  expect((await check()).filter(({ outcome }) => outcome !== 'passed')).toEqual([]);
});

describe('configRules', () => {
  it.each([
    ['user', { User: 'root' }, 'USER is "root"'],
    ['user', { User: '0:1000' }, 'USER is "0:1000"'],
    ['user', { User: 'node' }, 'USER is "node"'],
    ['user', { User: undefined }, 'USER is not set'],
    ['port', { ExposedPorts: { '8080/tcp': {} } }, 'exposed: 8080; image.json: 3000'],
    ['port', { ExposedPorts: undefined }, 'exposed: none; image.json: 3000'],
    ['port', { ExposedPorts: { '3000/tcp': {}, '9/udp': {} } }, 'exposed: 3000, 9/udp'],
    ['health-check', { Healthcheck: undefined }, 'there is none'],
    ['health-check', { Healthcheck: { Test: ['NONE'] } }, 'there is none'],
    ['working-directory', { WorkingDir: undefined }, 'WORKDIR is not set'],
    ['stop-signal', { StopSignal: 'SIGKILL' }, 'STOPSIGNAL is SIGKILL'],
    ['surprises', { OnBuild: ['RUN id'] }, 'ONBUILD RUN id'],
    ['surprises', { Volumes: { '/data': {} } }, 'VOLUME /data'],
    ['command', { Cmd: ['/bin/sh', '-c', 'node main.js'] }, 'it starts /bin/sh -c'],
    ['labels', { Labels: {} }, 'org.opencontainers.image.licenses is missing; it should be "MIT"'],
    [
      'labels',
      { Labels: { ...goodLabels, 'org.opencontainers.image.version': '0.0.1' } },
      'org.opencontainers.image.version is "0.0.1"; it should be "1.2.3"',
    ],
  ])('fail %s with %j', async (id, run, problem) => {
    await image.build({ run });
    const checks = await check();
    expect(checks.filter(({ outcome }) => outcome === 'failed')).toEqual([
      expect.objectContaining({ id, remedy: expect.any(String) }),
    ]);
    expect(checks.find((check) => check.id === id)?.details.join('\n')).toContain(problem);
  });

  it('check every platform', async () => {
    await image.build({ run: { User: 'root' }, platforms: ['linux/amd64', 'linux/arm64'] });
    const checks = await check();
    expect(checks.find(({ id }) => id === 'user')?.details).toEqual([
      'USER is "root" (linux/amd64)',
      'USER is "root" (linux/arm64)',
    ]);
  });

  it('expect the digest of the base image if it is known', async () => {
    const digest = `sha256:${'a'.repeat(64)}` as Digest;
    await image.build({ base: { digest } });
    const checks = await check();
    expect(checks.find(({ id }) => id === 'labels')?.details).toEqual([
      `org.opencontainers.image.base.digest is missing; it should be "${digest}"`,
    ]);
  });
});

const awsKey = ['AKIA', 'Q7WXYZ2345678ABC'].join('');
const map = (sourcesContent?: string[]) =>
  JSON.stringify({ version: 3, sources: ['../src/main.ts'], sourcesContent, mappings: 'AAAA' });
const inline = (text: string) =>
  `1;\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(text).toString('base64')}\n`;

describe('fileRules', () => {
  it.each<[string, ImageChanges, string]>([
    ['secrets', file('/app/keys.js', `const id = "${awsKey}";`), '/app/keys.js, line 1'],
    ['secrets', file('/app/.env', 'A=1'), '/app/.env: a file of environment variables'],
    ['secrets', file('/app/.env.production', 'A=1'), '/app/.env.production'],
    ['secrets', file('/app/.npmrc', '//r.example/:_authToken=abc'), '/app/.npmrc'],
    ['secrets', file('/root/.docker/config.json', '{}'), 'Docker configuration'],
    ['secrets', file('/root/.aws/credentials', ''), 'AWS configuration'],
    ['secrets', file('/app/tls.key', 'x'), '/app/tls.key: a key'],
    ['secrets', file('/app/tls.pem', '-----BEGIN PRIVATE KEY-----'), '/app/tls.pem: a key'],
    ['secrets', { run: { Env: ['PORT=1', 'HOST=', 'API_TOKEN=x'] } }, 'ENV API_TOKEN'],
    ['secrets', { run: { Labels: { ...goodLabels, note: awsKey } } }, 'the image configuration'],
    ['tests', file('/app/src/a.unit.test.js', ''), '/app/src/a.unit.test.js'],
    ['tests', file('/app/__tests__/a.js', ''), '/app/__tests__/a.js'],
    ['sources', file('/app/main.ts', 'const a: number = 1;'), '/app/main.ts'],
    ['source-maps', file('/app/main.js.map', map(['secret of ours'])), '/app/main.js.map'],
    ['source-maps', file('/app/web.js', inline(map(['ours']))), '/app/web.js'],
    [
      'development-packages',
      file('/app/node_modules/jest/package.json', '{"name":"jest","version":"30.0.0"}'),
      'jest@30.0.0',
    ],
    ['modes', file('/app/run', 'x', { mode: 0o4755 }), '/app/run has mode 4755'],
    ['modes', file('/app/open', 'x', { mode: 0o666 }), '/app/open has mode 0666'],
    ['modes', { layers: [{ directories: [{ path: '/app/d', mode: 0o777 }] }] }, '/app/d has'],
    ['owners', file('/app/own', 'x', { uid: 1000, gid: 1000 }), '/app/own belongs to 1000:1000'],
    ['owners', file('/app/own', 'x', { gid: 1000, mode: 0o664 }), '/app/own belongs to 0:1000'],
  ])('fail %s with %j', async (id, changes, problem) => {
    await image.build(changes);
    const checks = await check();
    const failed = checks.filter(({ outcome }) => outcome === 'failed');
    expect(failed).toEqual([expect.objectContaining({ id, remedy: expect.any(String) })]);
    expect(failed[0]?.details.join('\n')).toContain(problem);
    expect(JSON.stringify(failed)).not.toContain(awsKey);
  });

  it('fail development-packages with a package in the bundle', async () => {
    await image.bundled({ name: 'jest', version: '30.0.0' }, { name: 'ms', version: '2.0.0' });
    expect(await failures({})).toEqual({ 'development-packages': ['jest@30.0.0'] });
  });

  it('fail build-paths with the folder of the workspace', async () => {
    const text = `\n\nthrow new Error("${image.root}/apps/app/src/main.ts")`;
    expect(await failures(file('/app/chunk.js', text))).toEqual({
      'build-paths': [`/app/chunk.js, line 3: ${image.root}/…`],
    });
  });

  it('check files that a later layer deletes', async () => {
    const layers = [
      { files: [{ path: '/app/.env', text: 'A=1' }] },
      { files: [{ path: '/app/.wh..env', text: '' }] },
    ];
    expect(await failures({ layers })).toEqual({ secrets: [expect.stringContaining('/app/.env')] });
  });

  it.each<[string, ImageChanges]>([
    ['an example file of variables', file('/app/.env.example', 'API_TOKEN=')],
    ['a registry token in a variable', file('/app/.npmrc', '//r/:_authToken=${TOKEN}')],
    ['a certificate', file('/app/ca.pem', '-----BEGIN CERTIFICATE-----\nMII\n')],
    ['a source map without sources', file('/app/main.js.map', map())],
    ['a script with an inline source map without sources', file('/app/web.js', inline(map()))],
    ['a name that only resembles a test', file('/app/latest/contest.js', '')],
    ['a video', file('/app/public/part.ts', Buffer.from([0x47, 0, 0x11]))],
    [
      'a folder that is writable by everybody, with the sticky bit',
      { layers: [{ directories: [{ path: '/var/tmp/x', mode: 0o1777 }] }] },
    ],
    ['a read-only file of the user', file('/app/own', 'x', { uid: 1000, mode: 0o444 })],
    ['an empty variable for a secret', { run: { Env: ['PORT=1', 'HOST=', 'API_TOKEN='] } }],
  ])('pass with %s', async (_, changes) => {
    expect(await failures(changes)).toEqual({});
  });

  it('skip development-packages if the packages in the image are unknown', async () => {
    await image.build();
    await image.lock({});
    await image.damage('../../apps/app/bundle.json', '{}');
    const checks = await check();
    expect(checks.find(({ id }) => id === 'development-packages')).toMatchObject({
      outcome: 'skipped',
      details: [expect.stringContaining('bundle.json')],
    });
  });
});
