import { PipelineError } from '@typerush/pipeline-context';
import { attachment, failureOf, PushStage } from '../../test/push-stage';
import { type ImageScan, type ImageScans } from '../scan/scan-image';
import { type Gate, scanGate } from './gates';

const critical = { id: 'CVE-1', severity: 'CRITICAL', package: 'musl', version: '1.2' };

let stage: PushStage;
beforeEach(async () => {
  stage = await PushStage.open();
  stage.attachments = [attachment('sbom', '{}')];
});
afterEach(() => stage.close());

/** Time passes only by waiting. @param scan The state of the scan after so many seconds. */
function gateOf(scan: (seconds: number, repository: string, digest: string) => ImageScan): Gate {
  let time = 0;
  const scans: ImageScans = {
    of: (repository, digest) => Promise.resolve(scan(time / 1_000, repository, digest)),
  };
  return scanGate(
    stage.service(),
    { timeout: 60 },
    {
      scans,
      wait: async (milliseconds) => void (time += milliseconds),
      now: () => time,
      reporter: { note: () => undefined, progress: () => undefined },
    },
  );
}

const push = (gate: Gate, sha?: string) => stage.push({ sha, services: { gates: [gate] } });
const tag = (name: string) => stage.registry.digest('team/app', name);

describe('a push with a scan gate', () => {
  it('waits for the scan with fixed tags and attachments set, and moves tags after it', async () => {
    const { digest, platforms } = await stage.build('one');
    const states: unknown[] = [];
    const gate = gateOf((seconds, repository, scanned) => {
      const referrers = [...stage.registry.manifests.values()].filter(({ bytes }) =>
        bytes.includes('"subject"'),
      ).length;
      states.push({ repository, scanned, tags: [...stage.registry.tagsSet], referrers });
      return seconds < 10 ? { status: 'pending' } : { status: 'complete', findings: [] };
    });
    await push(gate);
    const scanned = platforms[0]?.digest;
    const tags = ['dev-abcdef0', 'dev-20261121T100000Z'];
    expect(states).toHaveLength(3);
    for (const state of states) {
      expect(state).toEqual({ repository: 'team/app', scanned, tags, referrers: 1 });
    }
    expect(stage.registry.tagsSet).toEqual([...tags, 'latest']);
    expect(tag('latest')).toBe(digest);
  });

  it.each<[string, ImageScan, string, RegExp]>([
    [
      'a finding blocks',
      { status: 'complete', findings: [critical] },
      'SCAN_BLOCKED',
      /1 finding of severity CRITICAL:\n {2}CRITICAL CVE-1 in musl 1\.2 \(linux\/amd64\)\n/,
    ],
    [
      'the scan failed',
      { status: 'failed', failure: { status: 'UNSUPPORTED_IMAGE' } },
      'SCAN_FAILED',
      /UNSUPPORTED_IMAGE/,
    ],
    ['there is no scan in time', { status: 'pending' }, 'SCAN_TIMEOUT', /after 60 s/],
  ])('does not move a tag if %s, and reports the state', async (_, scan, code, message) => {
    const first = await stage.build('one');
    await push(gateOf(() => ({ status: 'complete', findings: [] })));
    const second = await stage.build('two');
    const failure = await failureOf(
      push(
        gateOf(() => scan),
        'fedcba9',
      ),
    );
    expect(failure).toMatchObject({ code, message: expect.stringMatching(message) });
    expect(failure.message).toMatch(
      /in the registry under its fixed tags, with its attachments\. Moving tags \(latest\) were not changed\.\nFix: [^]+push again/,
    );
    expect([tag('latest'), tag('dev-fedcba9')]).toEqual([first.digest, second.digest]);
  });

  it('moves the tag when it is repeated after the scan, without an upload', async () => {
    const { digest } = await stage.build('one');
    await failureOf(push(gateOf(() => ({ status: 'pending' }))));
    const { uploads } = stage.registry;
    await push(gateOf(() => ({ status: 'complete', findings: [] })));
    expect(tag('latest')).toBe(digest);
    expect(stage.registry.uploads).toBe(uploads);
  });

  it('checks nothing if no moving tag changes', async () => {
    await stage.build('one');
    await push(gateOf(() => ({ status: 'complete', findings: [] })));
    await push(
      gateOf(() => {
        throw new Error('it was queried');
      }),
    );
  });

  it('lists the steps of a dry run in their order', async () => {
    await stage.build('one');
    const gates = [gateOf(() => ({ status: 'pending' }))];
    const { text, data } = await stage.report({ dryRun: true, services: { gates } });
    const steps = text.split('\n').map((line) => line.trim().split(/\s{2,}/)[0]);
    expect(steps).toEqual([
      expect.stringContaining('would push'),
      'image',
      'upload',
      'create',
      'create',
      'attach',
      'gate',
      'create',
      'size',
      '',
    ]);
    expect(text).toMatch(/gate +scan: no finding of severity CRITICAL\n +create +latest\n/);
    expect(data).toMatchObject({ gates: ['scan: no finding of severity CRITICAL'] });
  });

  it.each([false, true])(
    'uploads nothing and changes no tag if an upload gate fails, dryRun: %s',
    async (dryRun) => {
      await stage.build('one');
      const check = () =>
        Promise.reject(new PipelineError('AUDIT_BLOCKED', 'The audit fails.\nFix: update.'));
      const uploadGates = [{ description: 'audit', check }];
      const failure = await failureOf(stage.report({ dryRun, services: { uploadGates } }));
      expect(failure).toMatchObject({
        code: 'AUDIT_BLOCKED',
        message: 'The audit fails.\nNothing was uploaded and no tag was changed.\nFix: update.',
      });
      expect(stage.registry.requests.filter((line) => !/^(HEAD|GET) /.test(line))).toEqual([]);
    },
  );

  it('lists an upload gate of a dry run before the upload', async () => {
    await stage.build('one');
    const uploadGates = [{ description: 'audit: no finding', check: () => Promise.resolve([]) }];
    const { text, data } = await stage.report({ dryRun: true, services: { uploadGates } });
    expect(text).toMatch(/image .*\n +gate +audit: no finding\n +upload/);
    expect(data).toMatchObject({ gates: ['audit: no finding'] });
  });

  it('uploads nothing if no destination scans', async () => {
    await stage.build('one');
    stage.gates = ['scan'];
    stage.ecr = undefined;
    const failure = await failureOf(stage.push());
    expect(failure.code).toBe('SCAN_UNSUPPORTED');
    expect(failure.message).toMatch(/gates.*Amazon ECR\.\nNothing was uploaded/s);
    expect(stage.registry.manifests.size).toBe(0);
  });
});
