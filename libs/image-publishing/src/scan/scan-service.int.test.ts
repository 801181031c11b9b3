import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ImageConfig } from '@typerush/image-registry';
import { type ServiceImage } from '@typerush/pipeline-context';
import { type ImageScan, type ImageScans, type ScanOptions } from './scan-image';
import { scanService } from './scan-service';

const digest = (letter: string) => `sha256:${letter.repeat(64)}`;
const options: ScanOptions = { environment: 'dev', timeout: 60 };
const critical = { id: 'CVE-1', severity: 'CRITICAL', package: 'musl', version: '1.2' };

let outDir: string;
beforeEach(async () => {
  outDir = await mkdtemp(path.join(tmpdir(), 'scan-'));
});
afterEach(() => rm(outDir, { recursive: true }));

const pushed = (...platforms: string[]) =>
  writeFile(
    path.join(outDir, 'push.json'),
    JSON.stringify({
      environment: 'dev',
      repository: 'team/app',
      platforms: platforms.map((platform, index) => ({
        platform,
        digest: digest('ab'.charAt(index)),
      })),
    }),
  );

let config: Pick<ImageConfig, 'scan'> = {};
afterEach(() => {
  config = {};
});

/** Returns the scans in turn, the last one repeatedly; time passes only by waiting. */
function scanning(...responses: ImageScan[]) {
  const queried: string[] = [];
  const scans: ImageScans = {
    async of(repository, image) {
      queried.push(`${repository}@${image}`);
      return (responses.length > 1 ? responses.shift() : responses[0]) ?? { status: 'pending' };
    },
  };
  let time = Date.UTC(2027, 0, 20, 12);
  const service = { project: 'app', outDir, config } as ServiceImage;
  const scan = (changes: Partial<ScanOptions> = {}) =>
    scanService(
      service,
      { ...options, ...changes },
      {
        scans,
        wait: async (milliseconds) => void (time += milliseconds),
        now: () => time,
        reporter: { note: () => undefined, progress: () => undefined },
      },
    );
  return { scan, queried };
}

describe('scanService', () => {
  it('passes if no finding has the threshold severity or higher', async () => {
    await pushed('linux/amd64');
    const findings = [{ ...critical, severity: 'HIGH' }];
    const { scan } = scanning({ status: 'complete', findings });
    const report = await scan();
    expect(report.passed).toBe(true);
    expect(report.data).toMatchObject({
      passed: true,
      threshold: 'CRITICAL',
      images: [
        {
          platform: 'linux/amd64',
          counts: [{ severity: 'HIGH', count: 1 }],
          findings: [{ id: 'CVE-1', verdict: 'below' }],
        },
      ],
    });
    expect((await scan({ threshold: 'HIGH' })).passed).toBe(false);
  });

  it('uses the threshold of image.json unless the option sets another', async () => {
    await pushed('linux/amd64');
    config = { scan: { threshold: 'LOW' } };
    const { scan } = scanning({
      status: 'complete',
      findings: [{ ...critical, severity: 'MEDIUM' }],
    });
    expect((await scan()).passed).toBe(false);
    expect((await scan({ threshold: 'HIGH' })).passed).toBe(true);
  });

  it('lists the blocking findings and the fix', async () => {
    await pushed('linux/amd64');
    const finding = { ...critical, fixedIn: '1.3', link: 'https://cve.example/1' };
    const { scan } = scanning({ status: 'complete', findings: [finding] });
    const { passed, text } = await scan();
    expect(passed).toBe(false);
    expect(text).toMatch(/CRITICAL +CVE-1 +musl +1\.2 +1\.3 +blocks +https:\/\/cve\.example\/1\n/);
    expect(text).toMatch(/blocked.* 1 of severity CRITICAL\nFix: update .*scan\.allow/);
  });

  it('passes if all blocking findings are allowed, and lists them with their reason', async () => {
    await pushed('linux/amd64', 'linux/arm64');
    config = {
      scan: { allow: [{ id: 'CVE-1', reason: 'never called', expires: '2027-01-31' }] },
    };
    const { scan } = scanning({ status: 'complete', findings: [critical] });
    const { passed, text, data } = await scan();
    expect(passed).toBe(true);
    expect(text).toMatch(/CVE-1 +2027-01-31 +warning: 11 days left +never called/);
    expect(text).toContain('allowed, 11 days left');
    expect(text).toContain('no findings of severity CRITICAL (1 allowed)');
    expect(data).toMatchObject({ allow: [{ id: 'CVE-1', state: 'expires-soon', daysLeft: 11 }] });
  });

  it('fails for a finding that was allowed until yesterday, and reports it', async () => {
    await pushed('linux/amd64');
    config = { scan: { allow: [{ id: 'CVE-1', reason: 'for now', expires: '2027-01-19' }] } };
    const { passed, text } = await scanning({ status: 'complete', findings: [critical] }).scan();
    expect(passed).toBe(false);
    expect(text).toContain('blocks: was allowed until 2027-01-19');
    expect(text).toMatch(/expired 1 day ago: blocks again.*for now/);
  });

  it('reports an entry that matches no finding', async () => {
    await pushed('linux/amd64');
    config = {
      scan: { allow: [{ id: 'CVE-9', package: 'zlib', reason: 'old', expires: '2030-01-01' }] },
    };
    const { passed, text } = await scanning({ status: 'complete', findings: [] }).scan();
    expect(passed).toBe(true);
    expect(text).toMatch(/CVE-9 in zlib +2030-01-01 +stale: matches no finding; remove/);
  });

  it('waits for the scan', async () => {
    await pushed('linux/amd64');
    const { scan, queried } = scanning(
      { status: 'pending' },
      { status: 'pending' },
      { status: 'complete', findings: [] },
    );
    expect((await scan()).passed).toBe(true);
    expect(queried).toHaveLength(3);
  });

  it('evaluates every platform, and fails if one is blocked', async () => {
    await pushed('linux/amd64', 'linux/arm64');
    const { scan, queried } = scanning(
      { status: 'complete', findings: [] },
      { status: 'complete', findings: [critical] },
    );
    expect((await scan()).passed).toBe(false);
    expect(queried).toEqual([`team/app@${digest('a')}`, `team/app@${digest('b')}`]);
  });

  it('does not wait longer than the timeout', async () => {
    await pushed('linux/amd64');
    await expect(scanning({ status: 'pending' }).scan()).rejects.toMatchObject({
      code: 'SCAN_TIMEOUT',
      message: expect.stringContaining('--timeout=120'),
    });
  });

  it('reports why a scan failed, and how to start another', async () => {
    await pushed('linux/amd64');
    const { scan } = scanning({
      status: 'failed',
      failure: { status: 'FAILED', description: 'no distribution' },
    });
    await expect(scan()).rejects.toMatchObject({
      code: 'SCAN_FAILED',
      message: expect.stringMatching(/no distribution.*\nFix: .*start-image-scan/),
    });
  });

  it.each(['', '{"repository":', '{}'])('rejects %j as record of a push', async (text) => {
    await writeFile(path.join(outDir, 'push.json'), text);
    await expect(scanning({ status: 'pending' }).scan()).rejects.toMatchObject({
      code: 'NOT_PUSHED',
    });
  });

  it('requires a push from this workspace to the same environment', async () => {
    const { scan } = scanning({ status: 'pending' });
    await expect(scan()).rejects.toMatchObject({ code: 'NOT_PUSHED' });
    await pushed('linux/amd64');
    await expect(scan({ environment: 'prod' })).rejects.toMatchObject({
      code: 'NOT_PUSHED',
      message: expect.stringContaining('nx run app:docker-push -c prod'),
    });
  });
});
