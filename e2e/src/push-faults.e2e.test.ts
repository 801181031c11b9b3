import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultProxy } from './support/fault-proxy';
import { ParcelWorkspace } from './support/parcel-workspace';
import { commonFaults, midway, moreFaults, pushThrough } from './support/push-faults';
import { expectMessage, PushScene } from './support/push-scene';
import { exitCode, launch } from './support/run';

describe('a push of the oci engine', () => {
  let parcel: ParcelWorkspace;
  let scene: PushScene;

  beforeAll(async () => {
    parcel = await ParcelWorkspace.create();
    scene = await PushScene.create(parcel);
    await scene.pushOk('oci');
  });
  afterAll(async () => {
    await scene?.stop();
    await parcel?.copy.remove();
  });
  beforeEach(async () => {
    await scene.proxy.heal();
    await parcel.change();
  });

  const faults = [...commonFaults, ...moreFaults];

  it.each(faults.filter(({ fails }) => !fails))('succeeds despite $fault', async (fault) => {
    await pushThrough(scene, 'oci', fault);
  });

  it.each(faults.filter(({ fails }) => fails))(
    'changes no existing tag after $fault, reports it, and sends the rest when it is repeated',
    async (fault) => {
      await pushThrough(scene, 'oci', fault);
    },
  );

  it('changes no tag when it is killed, and sends only what is missing when it is repeated', async () => {
    const before = await scene.tags();
    const { copy } = parcel;
    const nx = copy.path('node_modules/.bin/nx');
    const args = ['run', 'parcel:docker-push:local', '--engine=oci'];
    const env = { ...copy.env, ...scene.proxy.env };
    const child = launch(nx, args, { cwd: copy.root, env, detached: true });
    child.stdout?.resume();
    child.stderr?.resume();
    const ended = exitCode(child);
    scene.proxy.after(midway, () => process.kill(-(child.pid ?? 0), 'SIGKILL'));
    expect(await ended).not.toBe(0);
    expect(await scene.tags()).toEqual(before);
    const missing = await scene.missingBlobs();
    expect(missing.length).toBeGreaterThan(0);
    await scene.proxy.heal();
    await scene.pushOk('oci');
    expect(await scene.sentBlobs()).toEqual(missing);
  });

  it('sends nothing without a change', async () => {
    await scene.pushOk('oci');
    const before = await scene.tags();
    await scene.proxy.heal();
    const output = await scene.pushOk('oci');
    expect(output).toMatch(/nothing to upload/);
    expect(scene.proxy.finishedBlobs).toEqual([]);
    expect(await scene.tags()).toMatchObject(before);
  });

  describe('to two destinations', () => {
    const team = 'team/parcel';
    let second: FaultProxy;
    let dockerConfig: string;

    beforeAll(async () => {
      await scene.registry.createRepositories(team);
      second = await FaultProxy.start(`127.0.0.1:${scene.registry.port}`);
      dockerConfig = await mkdtemp(join(tmpdir(), 'docker-config-'));
    });
    afterAll(async () => {
      await second?.stop();
      if (dockerConfig) await rm(dockerConfig, { recursive: true });
    });
    beforeEach(async () => {
      await second.heal();
      const auths = { [second.host]: { auth: await scene.login() } };
      await writeFile(join(dockerConfig, 'config.json'), JSON.stringify({ auths }));
    });

    const push = () =>
      parcel.push(
        'oci',
        { ...scene.proxy.env, DOCKER_CONFIG: dockerConfig },
        '--region=ap-southeast-1',
        `--registry=${second.host}/team`,
      );
    const tags = async () => ({
      first: await scene.tags(),
      second: await scene.tags(team),
    });
    const completes = async () => {
      await second.heal();
      expect(await push()).toMatchObject({ code: 0 });
      const { digest } = await parcel.image();
      const after = await tags();
      expect([after.first['latest'], after.second['latest']]).toEqual([digest, digest]);
    };

    it('changes nothing if one is unreachable, and completes when it is repeated', async () => {
      const before = await tags();
      second.vanish();
      expectMessage(
        await push(),
        second.host,
        /ECONNREFUSED/,
        /Nothing was uploaded and no tag was changed/,
      );
      expect(await tags()).toEqual(before);
      await completes();
    });

    it('moves no tag if one becomes unreachable, reports which one has the image, and completes when it is repeated', async () => {
      const before = await tags();
      second.after(midway, () => second.vanish());
      expectMessage(
        await push(),
        /failed for 1 of 2 destinations/,
        /^ {2}ap-southeast-1: done$/m,
        new RegExp(`^ {2}${second.host}/team: .*(ECONNREFUSED|ECONNRESET)`, 'm'),
        /Moving tags \(latest\) were not changed/,
        /Push again/,
      );
      const { digest } = await parcel.image();
      const after = await tags();
      expect(after.second).toEqual(before.second);
      expect(after.first).toMatchObject(before.first);
      expect(Object.values(after.first)).toContain(digest);
      await scene.proxy.heal();
      await completes();
      expect(await scene.sentBlobs()).toEqual([]);
    });
  });
});
