import { reportMarkdown, reportPage } from '@typerush/image-comparison';
import { digestOf } from '@typerush/oci';
import { type PushRecord } from './push-record';
import { pushPage } from './push-page';

const digest = digestOf('image');
const now = digestOf('image now');
const at = {
  repository: 'team/app',
  repositoryUri: 'registry.example/team/app',
  imageUri: `registry.example/team/app@${digest}`,
  tags: [
    { tag: 'v1.2.3', action: 'create' as const, moving: false },
    { tag: 'latest', action: 'keep' as const, moving: true },
  ],
  unchanged: false,
  uploadedLayers: 1,
  mountedLayers: 0,
  presentLayers: 3,
  uploadedBytes: 1234,
  mountedBytes: 0,
  presentBytes: 99,
  attachments: [
    {
      kind: 'sbom' as const,
      artifactType: 'application/vnd.cyclonedx+json',
      digest,
      action: 'attached' as const,
    },
  ],
};
const record: PushRecord = {
  service: 'app',
  environment: 'prod',
  ...at,
  digest,
  platforms: [{ platform: 'linux/amd64', digest }],
  engine: 'oci',
  standIn: false,
  commit: { sha: 'abcdef0123456789', dirty: false },
  budget: {
    limitBytes: 2e6,
    public: null,
    platforms: [{ platform: 'linux/amd64', bytes: 500_000 }],
  },
  difference: {
    before: { name: 'prod', digest, platformDigest: digest, bytes: 50_000_000 },
    after: { name: 'this image', digest: now, platformDigest: now, bytes: 50_000_200 },
    platform: 'linux/amd64',
    equal: false,
    packages: [
      {
        name: 'zod',
        change: 'changed',
        before: { version: '4.0.0', bytes: 100 },
        after: { version: '4.1.0', bytes: 300 },
      },
    ],
    layers: [
      {
        name: '/app/service/ | <b>',
        change: 'changed',
        before: { digest, bytes: 100 },
        after: { digest: now, bytes: 300 },
      },
    ],
    sharedLayers: 3,
    config: [],
    files: null,
    findings: [{ name: 'CVE-2026-1 in musl', change: 'added', after: { severity: 'HIGH' } }],
  },
  findings: {
    audit: [{ id: 'GHSA-1', severity: 'LOW', package: 'zod', version: '4.1.0', verdict: 'below' }],
    scan: [
      {
        id: 'CVE-2026-1',
        severity: 'HIGH',
        package: 'musl',
        version: '1.2',
        fixedIn: '1.3',
        link: 'https://nvd.nist.gov/vuln/detail/CVE-2026-1',
        verdict: 'blocks',
      },
    ],
    noScan: null,
  },
  run: 'https://github.com/team/app/actions/runs/99',
  destinations: [{ destination: 'eu-west-1', ...at }],
  pushedAt: '2026-11-21T10:00:00.000Z',
};

const markdown = (of: PushRecord, source?: string) => reportMarkdown(pushPage(of, source));
const html = (of: PushRecord, source?: string) => reportPage(pushPage(of, source));

describe('pushPage', () => {
  it('lists image, links, tags, size against the budget, changes and findings in Markdown', () => {
    const text = markdown(record, 'https://github.com/team/app');
    for (const line of [
      '### app was pushed in prod',
      `| Digest | \`${digest}\` |`,
      '| Commit | [abcdef0](<https://github.com/team/app/commit/abcdef0123456789>) |',
      '| CI run | [https://github.com/team/app/actions/runs/99](<https://github.com/team/app/actions/runs/99>) |',
      '| Size above the base image | 500.0 kB of 2.0 MB (25 %) |',
      '| Size of all layers | 50.0 MB, +200 B |',
      '| Changes | differences: 1 package, 1 finding, 1 layer; 3 layers the same |',
      '| Findings | audit: 1 LOW; scan: 1 HIGH |',
      '| `registry.example/team/app` | **`v1.2.3`** `latest` | 1 uploaded (1.2 kB), 3 present | sbom |',
      '| [CVE-2026-1](<https://nvd.nist.gov/vuln/detail/CVE-2026-1>) | HIGH | musl 1.2 | 1.3 | blocks | scan |',
      '| GHSA-1 | LOW | zod 4.1.0 |  |  | audit |',
      '**Packages since prod** (1)',
      '| ~ | `zod` | 4.0.0 → 4.1.0 |  | 300 B | +200 B |',
      '| + | `CVE-2026-1 in musl` | HIGH |  |  |',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('states the same in HTML, with links to the commit, the run and the console of AWS', () => {
    const uri = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/team/app';
    const destinations = [{ destination: 'eu-west-1', ...at, repositoryUri: uri }];
    const page = html({ ...record, destinations }, 'https://github.com/team/app');
    const links = [...page.matchAll(/<a href="([^"]+)"/g)].map(([, link]) => link);
    expect(links).toEqual([
      'https://github.com/team/app/commit/abcdef0123456789',
      'https://github.com/team/app/actions/runs/99',
      `https://eu-west-1.console.aws.amazon.com/ecr/repositories/private/111122223333/team/app/_/image/${digest}/details?region=eu-west-1`,
      'https://nvd.nist.gov/vuln/detail/CVE-2026-1',
    ]);
    for (const text of ['500.0 kB of 2.0 MB (25 %)', 'Packages since prod', digest, 'v1.2.3']) {
      expect(page).toContain(text);
    }
  });

  it('shows hostile names as text', () => {
    const text = markdown(record);
    expect(text).toContain('| `/app/service/ \\| <b>` | 300 B | +200 B |');
    const page = html({
      ...record,
      service: '<script>alert(1)</script>',
      run: 'javascript:alert(1)',
    });
    expect(page).not.toMatch(/<(script|b|img)[ >]|href="javascript/);
    expect(page).toContain('&lt;script&gt;');
    expect(page).toContain('&lt;b&gt;');
  });

  it('reports that nothing has changed, and a stand-in base image', () => {
    const destinations = [{ destination: 'eu-west-1', ...at, unchanged: true }];
    for (const text of [markdown, html].map((as) =>
      as({ ...record, standIn: true, destinations }),
    )) {
      expect(text).toContain('app is unchanged in prod');
      expect(text).toContain('not for production');
    }
  });

  it('does not pass off what is not known as nothing', () => {
    const findings = { audit: null, scan: null, noScan: 'the scan is not complete' };
    const text = markdown({ ...record, difference: null, findings });
    expect(text).toContain('| Findings | scan: the scan is not complete |');
    expect(text).toContain('**Findings**: Not known: the scan is not complete.');
    expect(text).toContain('| Changes | not known: no earlier image was compared |');
  });

  it('has at most 100 KB, however much differs and is found', () => {
    const many = <T>(one: (index: number) => T) =>
      Array.from({ length: 4_000 }, (_, at) => one(at));
    const long = '&'.repeat(300);
    const finding = { severity: long, package: long, fixedIn: long, verdict: 'blocks' as const };
    const { difference } = record;
    if (!difference) throw new Error('there is one');
    const page = html({
      ...record,
      destinations: many(() => ({ destination: long, ...at, repositoryUri: long })),
      findings: {
        audit: null,
        scan: many((index) => ({ id: `${index}`, ...finding })),
        noScan: null,
      },
      difference: {
        ...difference,
        packages: many((index) => ({
          name: `${index}`,
          change: 'added',
          after: { version: long },
        })),
        config: many((index) => ({ name: `${index}${long}`, change: 'added', after: long })),
        layers: many((index) => ({
          name: `${index}${long}`,
          change: 'added',
          after: { digest, bytes: 1 },
        })),
        findings: many((index) => ({
          name: `${index}`,
          change: 'added',
          after: { severity: long },
        })),
      },
    });
    expect(Buffer.byteLength(page)).toBeLessThan(100_000);
    expect(page).toMatch(/and 3\d{3} more: see push\.json/);
  });
});
