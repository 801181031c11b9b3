import { BatchDeleteImageCommand } from '@aws-sdk/client-ecr';
import { awsError, completeScan } from '@typerush/ecr-access/testing';
import { failureOf } from '../../test/push-stage';
import { places, ReleaseStage } from '../../test/release-stage';

interface Promoted {
  readonly digest: string;
  readonly uploadedBlobs: number;
  readonly mountedBlobs: number;
  readonly presentBlobs: number;
  readonly unchanged: boolean;
  readonly imageUri: string;
}

// Each starts ecr-local and talks to it over HTTP.
jest.setTimeout(300_000);

let stage: ReleaseStage;
beforeAll(async () => {
  stage = await ReleaseStage.open();
}, 600_000);
afterAll(() => stage?.close());
beforeEach(() => {
  stage.proxy.scan = () => completeScan();
  stage.proxy.watch = () => undefined;
});

const promoted = async (...args: Parameters<ReleaseStage['promote']>) =>
  (await stage.promote(...args)).data as Promoted;

const critical = {
  name: 'CVE-1',
  severity: 'CRITICAL',
  attributes: [{ key: 'package_name', value: 'musl' }],
};

/** The artifact types that are attached to an image. */
async function attached(place: 'dev' | 'staging' | 'prod', digest: string): Promise<string[]> {
  const [destination] = stage.destinations(place);
  const repository = await destination?.open();
  if (!repository) throw new Error('there is a destination');
  const { client } = stage.promotionPorts(place, place);
  const { getReferrers } = client(repository);
  const found = await getReferrers.call(
    client(repository),
    repository.path,
    digest as `sha256:${string}`,
  );
  return (found ?? [])
    .map(({ artifactType = '' }) => artifactType)
    .filter((type) => !/release/.test(type))
    .sort();
}

describe('promoteService', () => {
  let digest: string;

  it('sends no layer within a registry, and gives the same digest the tags of the environment', async () => {
    ({ digest } = await stage.push('one', 'a'.repeat(40)));
    const result = await promoted('dev', 'staging');
    expect(result).toMatchObject({ digest, uploadedBlobs: 0, unchanged: false });
    expect(result.mountedBlobs).toBeGreaterThan(0);
    expect(await stage.tags('staging')).toEqual({ staging: digest, 'staging-aaaaaaa': digest });
    expect(await attached('staging', digest)).toEqual(await attached('dev', digest));
    expect(await attached('staging', digest)).toHaveLength(2);
  });

  it('copies to another account and region, with all attachments', async () => {
    const result = await promoted('staging', 'prod');
    expect(result).toMatchObject({ digest, mountedBlobs: 0 });
    expect(result.uploadedBlobs).toBeGreaterThan(0);
    const tags = { prod: digest, 'prod-aaaaaaa': digest, 'v1.0.0': digest };
    expect(await stage.tags('prod')).toEqual(tags);
    expect(await attached('prod', digest)).toEqual(await attached('dev', digest));
  });

  it('changes nothing when it is repeated', async () => {
    const lines: string[] = [];
    stage.proxy.watch = (line, when) => void (when === 'before' && lines.push(line));
    expect(await promoted('staging', 'prod')).toMatchObject({ unchanged: true, uploadedBlobs: 0 });
    expect(lines.filter((line) => /^(PUT|PATCH|POST \/)/.test(line))).toEqual([]);
  });

  it('checks everything in a dry run, and changes nothing', async () => {
    const next = await stage.push('two', 'b'.repeat(40));
    const before = await stage.tags('staging');
    const { data, text } = await stage.promote('dev', 'staging', { dryRun: true });
    expect(data).toMatchObject({ dryRun: true, digest: next.digest, uploadedBlobs: 0 });
    const steps = text.split('\n').map((line) => line.trim().split(/\s{2,}/)[0]);
    const order = ['gate', 'gate', 'copy', 'create', 'move'];
    expect(steps.filter((step) => order.includes(step ?? ''))).toEqual(order);
    expect(await stage.tags('staging')).toEqual(before);
  });

  it.each([
    [
      'no scan exists',
      () => awsError('ScanNotFoundException', 'none'),
      'SCAN_TIMEOUT',
      /not complete/,
    ],
    ['a finding blocks', () => completeScan(critical), 'SCAN_BLOCKED', /CRITICAL CVE-1 in musl/],
  ])('refuses an image if %s', async (_, scan, code, message) => {
    stage.proxy.scan = scan;
    const before = await stage.tags('staging');
    const failure = await failureOf(stage.promote('dev', 'staging'));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(failure.message).toContain('Nothing was uploaded and no tag was changed.');
    expect(await stage.tags('staging')).toEqual(before);
  });

  it('scans the image of every platform', async () => {
    const scanned = new Set<string>();
    stage.proxy.scan = (repository, image) => {
      scanned.add(`${repository}@${image}`);
      return completeScan();
    };
    await promoted('dev', 'staging', { dryRun: true });
    expect(scanned.size).toBe(2);
    for (const image of scanned) expect(image).toContain(places.dev.repository);
  });

  it('takes the image that a digest or a tag names', async () => {
    expect(await promoted('dev', 'staging', { tag: 'dev-aaaaaaa' })).toMatchObject({ digest });
    expect(await stage.tags('staging')).toMatchObject({ staging: digest });
    expect(await promoted('dev', 'staging', { digest })).toMatchObject({ unchanged: true });
  });

  it('refuses another image for a version that exists in prod', async () => {
    const before = await stage.tags('prod');
    const failure = await failureOf(stage.promote('dev', 'prod'));
    expect(failure.code).toBe('TAG_IMMUTABLE');
    expect(failure.message).toMatch(/Cannot promote to .*team-prod\/app.*\n.*v1\.0\.0 points to/);
    expect(failure.message).toMatch(/Fix: that version is another image: raise "version"/);
    expect(await stage.tags('prod')).toEqual(before);
  });

  it('moves only the moving tags to an image that was pushed without them', async () => {
    const before = await stage.tags('dev');
    const pushed = await stage.push('without', 'e'.repeat(40), { movingTags: false });
    expect(await stage.tags('dev')).toMatchObject({ latest: before['latest'] });
    stage.proxy.scan = () => completeScan(critical);
    const { digest: next } = pushed;
    const refused = await failureOf(stage.promote('dev', 'dev', { digest: next }));
    expect(refused.code).toBe('SCAN_BLOCKED');
    stage.proxy.scan = () => completeScan();
    const fixed = await stage.tags('dev');
    const result = await promoted('dev', 'dev', { digest: next });
    expect(result).toMatchObject({ digest: next, uploadedBlobs: 0, mountedBlobs: 0 });
    expect(await stage.tags('dev')).toEqual({ ...fixed, latest: next });
  });

  it('promotes the commit of a tag if the provenance had uncommitted changes', async () => {
    const dirty = await stage.push('three', 'c'.repeat(40), { dirty: true });
    const before = await stage.tags('prod');
    expect(await failureOf(stage.promote('dev', 'prod'))).toMatchObject({ code: 'DIRTY_TREE' });
    expect(await stage.tags('prod')).toEqual(before);
    await stage.push('three', 'd'.repeat(40));
    await promoted('dev', 'staging');
    expect(await stage.tags('staging')).toMatchObject({ 'staging-ddddddd': dirty.digest });
  });

  it.each([
    [
      'an unknown tag',
      { tag: 'nope' },
      'IMAGE_MISSING',
      /dev has no image "nope" in .*team-dev\/app/,
    ],
    [
      'an unknown digest',
      { digest: `sha256:${'0'.repeat(64)}` },
      'IMAGE_MISSING',
      /dev has no image/,
    ],
    ['an invalid digest', { digest: 'sha256:12' }, 'OPTIONS_INVALID', /Expected sha256: and 64/],
    ['an invalid tag', { tag: 'a b' }, 'OPTIONS_INVALID', /Invalid --tag=/],
    ['two images', { tag: 'latest', digest: 'x' }, 'OPTIONS_INVALID', /both set/],
  ])('rejects %s', async (_, options, code, message) => {
    const failure = await failureOf(stage.promote('dev', 'staging', options));
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(failure.message).toContain('Nothing was uploaded and no tag was changed.');
  });

  it('rejects one environment without an image', async () => {
    expect(await failureOf(stage.promote('dev', 'dev'))).toMatchObject({
      code: 'OPTIONS_INVALID',
      message: expect.stringMatching(/both dev[^]*--digest or --tag/),
    });
  });

  it('rejects an attachment of an image', async () => {
    const [destination] = stage.destinations('dev');
    const repository = await destination?.open();
    if (!repository) throw new Error('there is a destination');
    const client = stage.promotionPorts('dev', 'dev').client(repository);
    const [referrer] =
      (await client.getReferrers(repository.path, digest as `sha256:${string}`)) ?? [];
    const failure = await failureOf(stage.promote('dev', 'staging', { digest: referrer?.digest }));
    expect(failure.code).toBe('NOT_AN_IMAGE');
  });

  it('requires a confirmation for prod', async () => {
    stage.version = '2.0.0';
    await stage.push('four', 'e'.repeat(40));
    const before = await stage.tags('prod');
    const failure = await failureOf(stage.promote('dev', 'prod', { yes: false }));
    expect(failure.code).toBe('CONFIRMATION_NEEDED');
    expect(failure.message).toMatch(
      /2\.0\.0 .* from dev to prod, and there is no terminal[^]*--yes/,
    );
    const questions: string[] = [];
    const prompt = async (question: string) => questions.push(question) > 0 && false;
    await failureOf(stage.promote('dev', 'prod', { yes: false }, { prompt }));
    expect(questions).toHaveLength(1);
    expect(await stage.tags('prod')).toEqual(before);
  });

  it('changes no moving tag if the source disappears during the copy, and reports both sides', async () => {
    const before = await stage.tags('prod');
    stage.proxy.watch = async (line, when) => {
      if (when !== 'before' || !/^GET .*team-dev\/app\/blobs/.test(line)) return;
      const { latest = '' } = await stage.tags('dev');
      if (!latest) return;
      const imageIds = [{ imageDigest: latest }];
      const request = { repositoryName: places.dev.repository, imageIds };
      await stage.api('dev').send(new BatchDeleteImageCommand(request));
    };
    const failure = await failureOf(stage.promote('dev', 'prod'));
    expect(failure.code).not.toBeUndefined();
    expect(failure.message).toMatch(/deleted from .*team-dev\/app at the same time/);
    expect(failure.message).toMatch(
      /at the same time\.\nNow .*team-prod\/app:prod points to sha256/,
    );
    expect(await stage.tags('prod')).toEqual(before);
  });
});
