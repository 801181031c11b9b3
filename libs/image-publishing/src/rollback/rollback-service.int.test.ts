import { PutImageCommand } from '@aws-sdk/client-ecr';
import { failureOf } from '../../test/push-stage';
import { bundle, places, ReleaseStage } from '../../test/release-stage';

interface Listed {
  readonly current: string;
  readonly previous: string | null;
  readonly versions: readonly {
    readonly name: string;
    readonly digest: string;
    readonly periods: readonly { readonly from: Date; readonly until?: Date }[];
    readonly packages?: object;
  }[];
}

let stage: ReleaseStage;
const digests: string[] = [];

/** A version a minute, in each: 1.0.0, 1.1.0 and 1.2.0. */
beforeAll(async () => {
  stage = await ReleaseStage.open();
  for (const minor of [0, 1, 2]) {
    stage.version = `1.${minor}.0`;
    const packages = [{ name: 'express', version: `4.${minor}.0`, license: 'MIT', bytes: 100 }];
    const more = { bundle: { ...bundle, packages } };
    digests.push((await stage.push(`content ${minor}`, `${minor}`.repeat(40), more)).digest);
    await stage.promote('dev', 'prod');
  }
}, 240_000);
afterAll(() => stage?.close());
beforeEach(() => {
  stage.proxy.watch = () => undefined;
});

const list = async () => (await stage.rollback('prod', { list: true })).data as Listed;
const current = async () => (await stage.tags('prod'))['prod'];

describe('rollbackService', () => {
  it('lists versions with the time when they were current, and what differs', async () => {
    const { data, text } = await stage.rollback('prod', { list: true });
    const { versions, ...ends } = data as Listed;
    expect(ends).toMatchObject({ current: digests[2], previous: digests[1] });
    expect(versions.map(({ name, digest }) => [name, digest])).toEqual(
      [2, 1, 0].map((minor) => [`v1.${minor}.0`, digests[minor]]),
    );
    const [last, middle] = versions;
    expect(middle?.periods).toEqual([{ from: expect.any(Date), until: last?.periods[0]?.from }]);
    expect(last?.periods).toHaveLength(1);
    expect(last?.periods[0]?.until).toBeUndefined();
    expect(middle?.packages).toEqual({
      added: [],
      removed: [],
      changed: [{ name: 'express', from: '4.2.0', to: '4.1.0' }],
    });
    expect(text).toMatch(
      /v1\.1\.0 +sha256:\w{12} +previous +2\d{3}-.* - .* +express 4\.2\.0 -> 4\.1\.0\n/,
    );
    expect(text).toMatch(/v1\.2\.0 +sha256:\w{12} +current +2\d{3}-.* - now\n/);
  });

  it('changes nothing in a dry run', async () => {
    const before = await stage.tags('prod');
    const { data, text } = await stage.rollback('prod', { dryRun: true });
    expect(data).toMatchObject({ dryRun: true, digest: digests[1], version: 'v1.1.0' });
    expect(text).toContain('prod would return to v1.1.0');
    expect(await stage.tags('prod')).toEqual(before);
  });

  it('moves only the tag that the environment is deployed from', async () => {
    const before = await stage.tags('prod');
    const { data } = await stage.rollback('prod');
    expect(data).toMatchObject({
      from: 'v1.2.0',
      version: 'v1.1.0',
      imageUri: expect.stringContaining(`team-prod/app@${digests[1]}`),
    });
    expect(await stage.tags('prod')).toEqual({ ...before, prod: digests[1] });
  });

  it('goes back further when it is repeated, and never to the version that was left', async () => {
    await stage.rollback('prod');
    expect(await current()).toBe(digests[0]);
    const failure = await failureOf(stage.rollback('prod'));
    expect(failure.code).toBe('NO_PREVIOUS_VERSION');
    expect(failure.message).toContain('Nothing was uploaded and no tag was changed.');
    expect(await current()).toBe(digests[0]);
  });

  it('returns to a version by its tag or digest, and records each time', async () => {
    await stage.rollback('prod', { tag: 'v1.2.0' });
    expect(await current()).toBe(digests[2]);
    expect((await stage.rollback('prod', { digest: digests[2] })).text).toContain('already is on');
    const { versions } = await list();
    expect(versions.map(({ periods }) => periods.length)).toEqual([2, 2, 2]);
    expect(versions.map(({ name }) => name)).toEqual(['v1.2.0', 'v1.1.0', 'v1.0.0']);
  });

  it.each([
    [
      'an unknown tag',
      { tag: 'v9.9.9' },
      'VERSION_UNKNOWN',
      /The last ones are: v1\.2\.0, v1\.1\.0/,
    ],
    [
      'an unknown digest',
      { digest: `sha256:${'0'.repeat(64)}` },
      'VERSION_UNKNOWN',
      /not a version/,
    ],
    ['an invalid digest', { digest: 'sha256:12' }, 'OPTIONS_INVALID', /Expected sha256: and 64/],
    ['two versions', { tag: 'v1.0.0', digest: 'x' }, 'OPTIONS_INVALID', /both set/],
  ])('rejects %s', async (_, options, code, message) => {
    const failure = await failureOf(stage.rollback('prod', options));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('rejects an image that was never released to the environment', async () => {
    const { digest } = await stage.push('another', '9'.repeat(40));
    expect((await failureOf(stage.rollback('prod', { digest }))).code).toBe('VERSION_UNKNOWN');
    const failure = await failureOf(stage.rollback('staging'));
    expect(failure).toMatchObject({ code: 'NOT_RELEASED' });
  });

  it('requires a confirmation for prod', async () => {
    const before = await current();
    const failure = await failureOf(stage.rollback('prod', { yes: false }));
    expect(failure.code).toBe('CONFIRMATION_NEEDED');
    expect(failure.message).toMatch(/app in prod returns from v1\.2\.0 to v1\.1\.0/);
    expect(await current()).toBe(before);
  });

  it('reports that another command moved the tag after it was read', async () => {
    const manifest = (await stage.manifest('prod', digests[0] ?? '')) ?? '';
    const prompt = async () => {
      const { repository: repositoryName } = places.prod;
      const request = { repositoryName, imageTag: 'prod', imageManifest: manifest };
      await stage.api('prod').send(new PutImageCommand(request));
      return true;
    };
    const failure = await failureOf(stage.rollback('prod', { yes: false }, { prompt }));
    expect(failure.code).toBe('TAG_MOVED');
    expect(failure.message).toMatch(
      new RegExp(`app:prod at the same time: it points to ${digests[0]}`),
    );
    expect(await current()).toBe(digests[0]);
  });
});
