import { PipelineError } from '@typerush/pipeline-context';
import { PushStage } from '../../test/push-stage';
import { type Finding } from '../scan/evaluate-scan';
import { type ImageScan, type ImageScans } from '../scan/scan-image';

let stage: PushStage;
beforeEach(async () => {
  stage = await PushStage.open();
});
afterEach(() => stage.close());

const finding = (id: string, severity = 'HIGH'): Finding => ({
  id,
  severity,
  package: 'musl',
  version: '1.2',
});

const complete = (...findings: Finding[]): ImageScan => ({ status: 'complete', findings });

const scansOf = (scans: ReadonlyMap<string, ImageScan>): ImageScans => ({
  of: (_, digest) => Promise.resolve(scans.get(digest) ?? { status: 'pending' }),
});

const summary = async () => [await stage.file('summary.md'), await stage.file('summary.html')];

describe('the summary of a push', () => {
  it('has the findings of the image, and those that the image before had not', async () => {
    const one = await stage.build('one');
    await stage.push();
    const two = await stage.build('two');
    const both = finding('CVE-1', 'LOW');
    const scans = scansOf(
      new Map([
        [one.digest, complete(both, finding('CVE-0'))],
        [two.digest, complete(both, finding('CVE-2', 'CRITICAL'))],
      ]),
    );
    const uploadGates = [
      {
        description: 'audit',
        check: async () => [{ ...finding('GHSA-3'), verdict: 'below' as const }],
      },
    ];
    const { findings, difference } = await stage.push({ services: { scans, uploadGates } });
    expect(findings.scan?.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual([
      'CVE-2 blocks',
      'CVE-1 below',
    ]);
    expect(difference?.findings?.map(({ name, change }) => `${change} ${name}`)).toEqual([
      'removed CVE-0 in musl',
      'added CVE-2 in musl',
    ]);
    for (const text of await summary()) {
      expect(text).toContain('audit: 1 HIGH; scan: 1 CRITICAL, 1 LOW');
      expect(text).toContain('GHSA-3');
    }
  });

  it('states why there are no findings, and waits for none', async () => {
    await stage.build('one');
    const unreachable = () =>
      Promise.reject(new PipelineError('ECR_UNREACHABLE', 'ECR does not respond.\nFix: wait.'));
    for (const [scans, reason] of [
      [scansOf(new Map()), 'the scan is not complete'],
      [{ of: unreachable }, 'ECR does not respond'],
    ] as const) {
      const { findings } = await stage.push({ services: { scans } });
      expect(findings).toEqual({ audit: null, scan: null, noScan: reason });
      for (const text of await summary()) expect(text).toContain(`Not known: ${reason}.`);
    }
  });

  it('compares with the deployed image although the push moves no tag', async () => {
    await stage.build('one');
    await stage.push();
    await stage.build('two');
    const { difference } = await stage.push({ movingTags: false, sha: 'fedcba9' });
    expect(difference).toMatchObject({
      before: { name: 'latest' },
      layers: [{ change: 'changed' }],
    });
  });

  it.each([
    [
      'is for other platforms',
      () => stage.build('one', { platforms: ['linux/arm64'] }),
      /no comparison with the image of latest: Cannot compare latest with this image: the first is for linux\/arm64/,
    ],
    [
      'cannot be read',
      async () => {
        await stage.build('one');
        stage.registry.faults.push({ when: /GET .*manifests/, status: 403, times: 9 });
      },
      /no comparison with the image of latest: /,
    ],
  ])('says so if the image before %s, and the push succeeds', async (_, prepare, note) => {
    await stage.build('one');
    await prepare();
    const faults = stage.registry.faults.splice(0);
    await stage.push();
    stage.registry.faults.push(...faults);
    const { digest } = await stage.build('two');
    const { difference } = await stage.push({ sha: 'fedcba9' });
    expect(difference).toBeNull();
    expect(stage.notes).toEqual([expect.stringMatching(note)]);
    expect(stage.registry.digest('team/app', 'latest')).toBe(digest);
    for (const text of await summary()) expect(text).toContain('no earlier image was compared');
  });
});
