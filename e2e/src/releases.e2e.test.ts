import { ParcelWorkspace } from './support/parcel-workspace';
import { expectMessage } from './support/push-scene';
import { ReleaseScene } from './support/release-scene';

/** Of each command; more of them are at more of its requests. */
const kills = Number(process.env['RELEASE_KILLS'] ?? 8);
const promotion = { from: 'dev', to: 'staging', fromProfile: 'dev', toProfile: 'staging' };
const rollback = { environment: 'staging', profile: 'staging' };

describe('releases of a service', () => {
  let parcel: ParcelWorkspace;
  let scene: ReleaseScene;
  /** The images of two versions. */
  let one: string;
  let two: string;

  beforeAll(async () => {
    parcel = await ParcelWorkspace.create();
    scene = await ReleaseScene.create(parcel);
    await scene.nxOk('docker-push:dev', '--engine=oci');
    one = (await parcel.image()).digest;
  });
  afterAll(async () => {
    await scene?.stop();
    await parcel?.copy.remove();
  });
  beforeEach(() => scene.heal());

  const promoteWithNx = (...args: string[]) =>
    scene.nx(
      'docker-promote',
      ...['--from=dev', '--to=staging', '--fromProfile=dev', '--toProfile=staging', ...args],
    );

  it('a promotion gives the same digest with its attachments to another account and region', async () => {
    expect(await promoteWithNx()).toMatchObject({ code: 0 });
    const tags = await scene.tags('staging');
    expect(tags).toEqual({ staging: one, [`staging-${await sha7()}`]: one });
    const attached = await scene.attached('dev', one);
    expect(attached).toHaveLength(2);
    expect(await scene.attached('staging', one)).toEqual(attached);
  });

  it('a push does not move its tag, and no promotion begins, while a finding blocks', async () => {
    await parcel.change();
    const findings = [{ name: 'CVE-1', severity: 'CRITICAL' }];
    await scene.heal({ status: 'COMPLETE' }, findings);
    const before = await scene.tags('staging');
    expectMessage(
      await scene.nx('docker-push:dev', '--engine=oci'),
      /CVE-1/,
      /latest.* not changed/,
    );
    two = (await parcel.image()).digest;
    expect(await scene.tags('dev')).toMatchObject({ latest: one, [`dev-${await sha7()}`]: two });
    expectMessage(await promoteWithNx(`--digest=${two}`), /CVE-1/, /Nothing was uploaded/);
    expect(await scene.tags('staging')).toEqual(before);
    await scene.heal();
    await scene.nxOk('docker-push:dev', '--engine=oci');
    expect(await scene.tags('dev')).toMatchObject({ latest: two });
  });

  it('an image on a stand-in base image is not promoted to prod', async () => {
    const args = ['--from=dev', '--to=prod', '--fromProfile=dev', '--toProfile=prod', '--yes'];
    expectMessage(await scene.nx('docker-promote', ...args), /stand-in base image/);
    expect(await scene.tags('prod')).toEqual({});
  });

  it(`each of ${kills} kills of a promotion leaves the old or the new state`, async () => {
    const initial = new Set((await scene.images('staging')).map(({ imageDigest }) => imageDigest));
    const reset = async () => {
      await scene.retag('staging', 'staging', one);
      const digests = (await scene.images('staging')).map(({ imageDigest = '' }) => imageDigest);
      await scene.remove(
        'staging',
        digests.filter((digest) => !initial.has(digest)),
      );
      await scene.heal();
    };
    expect(await scene.execute('docker-promote', promotion)).toMatchObject({ code: 0 });
    const requests = scene.proxy.requests.length;
    const complete = await scene.tags('staging');
    const attached = await scene.attached('staging', two);
    const states = { old: 0, new: 0 };
    for (let kill = 0; kill < kills; kill++) {
      await reset();
      await scene.kill('docker-promote', promotion, atRequest(kill, requests));
      const tags = await scene.tags('staging');
      expect([one, two]).toContain(tags['staging']);
      states[tags['staging'] === one ? 'old' : 'new'] += 1;
      if (tags['staging'] !== two) continue;
      expect(tags).toEqual(complete);
      expect(await scene.attached('staging', two)).toEqual(attached);
    }
    expect(states.old).toBeGreaterThan(0);
    expect(states.new).toBeGreaterThan(0);
    await scene.heal();
    expect(await scene.execute('docker-promote', promotion)).toMatchObject({ code: 0 });
    expect(await scene.tags('staging')).toEqual(complete);
  });

  it(`each of ${kills} kills of a rollback leaves the old or the new state`, async () => {
    await scene.heal();
    expect(await scene.execute('docker-rollback', rollback)).toMatchObject({ code: 0 });
    const requests = scene.proxy.requests.length;
    const others = { ...(await scene.tags('staging')), staging: '' };
    const states = { old: 0, new: 0 };
    for (let kill = 0; kill < kills; kill++) {
      await scene.retag('staging', 'staging', two);
      await scene.heal();
      await scene.kill('docker-rollback', rollback, atRequest(kill, requests));
      const tags = await scene.tags('staging');
      expect([one, two]).toContain(tags['staging']);
      expect({ ...tags, staging: '' }).toEqual(others);
      states[tags['staging'] === two ? 'old' : 'new'] += 1;
    }
    expect(states.old).toBeGreaterThan(0);
    expect(states.new).toBeGreaterThan(0);
  });

  it('two promotions at the same time end with the image of one of them, complete', async () => {
    const results = await Promise.all(
      [one, two].map((digest) => scene.execute('docker-promote', { ...promotion, digest })),
    );
    const { staging = '' } = await scene.tags('staging');
    expect([one, two]).toContain(staging);
    expect(results.some(({ code }) => code === 0)).toBe(true);
    for (const { code, output } of results) {
      if (code !== 0) expect(output).toMatch(/Another command changed .*:staging at the same time/);
    }
    expect(await scene.attached('staging', staging)).toHaveLength(2);
  });

  it('lists the versions, and returns to one by its tag', async () => {
    const output = await scene.nxOk('docker-rollback:staging', '--profile=staging', '--list');
    expect(output).toMatch(/staging-\w{7} +sha256:\w{12} +current/);
    expect(output).toMatch(/same packages/);
    const [tag] = Object.entries(await scene.tags('staging')).find(
      ([name, digest]) => name !== 'staging' && digest === one,
    ) ?? [''];
    await scene.nxOk('docker-rollback:staging', '--profile=staging', `--tag=${tag}`);
    expect((await scene.tags('staging'))['staging']).toBe(one);
  });

  const sha7 = async () => (await parcel.copy.git('rev-parse', 'HEAD')).slice(0, 7);
});

/** Spread over all requests, the last one included; after all requests nothing is killed. */
const atRequest = (kill: number, requests: number) =>
  1 + Math.round((kill * (requests - 1)) / (kills - 1));
