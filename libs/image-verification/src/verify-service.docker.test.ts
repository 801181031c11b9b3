import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { baseBlobs, hostArchitecture, parsePlatform, standInBase } from '@typerush/oci';
import {
  type BuiltLayers,
  goodProgram,
  type ImageChanges,
  ImageUnderTest,
} from '../test/image-under-test';
import { type Check } from './check';
import { imageRunners } from './image-runners';
import { verifyService } from './verify-service';

// A stand-in base image of a hundred megabytes is loaded for each image.
jest.setTimeout(300_000);

const hostPlatform = `linux/${hostArchitecture(process.arch)}`;
const reference = 'registry.example/node:1';
const bundle = {
  files: [{ path: '/app/dependencies/index.js', text: 'module.exports = { one: () => 1 };' }],
};

let cacheDir: string;
let baseLayers: BuiltLayers;
beforeAll(async () => {
  cacheDir = await mkdtemp(path.join(tmpdir(), 'verify-docker-'));
  const standIn = await standInBase({ cacheDir }).resolve(reference);
  const { layers } = await standIn.load(parsePlatform(hostPlatform));
  baseLayers = layers.map(({ descriptor: { digest, size }, diffId }) => ({
    digest,
    size,
    diffId,
    fromBase: true,
  }));
});
afterAll(() => rm(cacheDir, { recursive: true }));

// Both must be installed: a missing one fails.
describe.each(['docker', 'podman'] as const)('verifyService with %s', (runtime) => {
  let image: ImageUnderTest;
  beforeEach(async () => {
    image = await ImageUnderTest.create();
  });
  afterEach(() => image.remove());
  afterEach(() => {
    const list = (...args: string[]) => execFileSync(runtime, args, { encoding: 'utf8' });
    expect(list('ps', '-a', '--format={{.Names}}')).not.toContain('nx-ecr-verify');
    expect(list('images', '--format={{.Repository}}')).not.toContain('nx-ecr-verify');
  });

  /** The checks that did not pass. */
  async function verify(changes: ImageChanges, timeout = 30) {
    await image.build({ layers: [bundle], ...changes, baseLayers, platforms: [hostPlatform] });
    const base = { reference, standIn: true };
    const report = await verifyService(
      image.service({ verify: { ready: '/ready' } }),
      { runtime, timeout },
      {
        runners: (toVerify, platform) =>
          imageRunners(toVerify, platform, {
            variables: process.env,
            hostPlatform,
            layersOfBase: () => baseBlobs({ cacheDir, base, remedy: '' }),
          }),
        hostPlatform,
        stopSeconds: 2,
        reporter: { note: () => undefined, progress: () => undefined },
      },
    );
    const { checks } = report.data as { checks: readonly Check[] };
    return checks
      .filter(({ id, outcome }) => outcome !== 'passed' && id !== 'development-packages')
      .map(({ id, outcome, details }) => [id, outcome, details.join('\n')]);
  }

  it('passes a good image', async () => {
    expect(await verify({})).toEqual([]);
  });

  it('fails modules if one does not load', async () => {
    const text = "module.exports = { bad: () => { throw new Error('the table is missing'); } };";
    const layers = [{ files: [{ path: '/app/dependencies/index.js', text }] }];
    expect(await verify({ layers })).toEqual([
      ['modules', 'failed', expect.stringContaining('bad: the table is missing')],
    ]);
  });

  it('fails read-only if the image writes to its root file system', async () => {
    const program = `${goodProgram}
      try { require('node:fs').writeFileSync('/app/cache', ''); } catch (error) { console.log(error.message); }`;
    expect(await verify({ program })).toEqual([
      ['read-only', 'failed', expect.stringContaining('EROFS')],
    ]);
  });

  it('fails stops if the program has to be killed', async () => {
    // The first process of a container has no default action for a signal.
    const program = goodProgram.replace('SIGTERM', 'SIGUSR2');
    expect(await verify({ program })).toEqual([
      ['stops', 'failed', expect.stringContaining('it had to be killed')],
    ]);
  });

  it('passes a program that closes and sends itself the signal again', async () => {
    const again = `server.close(() => process.kill(process.pid, 'SIGTERM'));`;
    const program = goodProgram.replace('server.close(() => process.exit(0));', again);
    expect(program).toContain(again);
    expect(await verify({ program })).toEqual([]);
  });

  it('fails live with the last lines of a program that crashes', async () => {
    const program = 'console.error("no SERVICE_TOKEN"); process.exit(4);';
    const failed = (await verify({ program })).filter(([, outcome]) => outcome === 'failed');
    expect(failed).toEqual([
      ['live', 'failed', expect.stringMatching(/code 4[\s\S]*no SERVICE_TOKEN/)],
    ]);
  });

  it('fails live if the program of the image does not exist', async () => {
    const failed = await verify({ run: { Cmd: ['server'] } });
    expect(failed[0]).toEqual(['live', 'failed', expect.stringContaining('server')]);
  });
});
