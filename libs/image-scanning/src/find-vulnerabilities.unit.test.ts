import { sampleAdvisory, type SampleAdvisory } from '../test/sample-advisory';
import { AdvisoryIndex } from './advisories/advisory-index';
import { findVulnerabilities } from './find-vulnerabilities';
import { type InstalledPackage } from './packages/installed-package';

const at = { file: 'var/lib/dpkg/status', layer: 'sha256:0' };
const system = { id: 'debian', versionId: '12', name: 'Debian 12' };

const deb = (name: string, version: string, source = name): InstalledPackage => ({
  type: 'deb',
  name,
  version,
  source: { name: source, version },
  ...at,
});
const npm = (name: string, version: string): InstalledPackage => ({
  type: 'npm',
  name,
  version,
  ...at,
});

function indexOf(...samples: SampleAdvisory[]): AdvisoryIndex {
  const index = new AdvisoryIndex();
  for (const sample of samples)
    index.add(`${sample.id}.json`, JSON.stringify(sampleAdvisory(sample)));
  return index;
}

const openssl: SampleAdvisory = {
  id: 'CVE-2026-0001',
  ecosystem: 'Debian:12',
  package: 'openssl',
  events: [{ introduced: '0' }, { fixed: '3.0.13-1~deb12u1' }],
};

describe('findVulnerabilities', () => {
  it('finds binary packages by the version of their source package', () => {
    const packages = [
      deb('libssl3', '3.0.11-1~deb12u2', 'openssl'),
      deb('openssl', '3.0.13-1~deb12u1'),
      deb('zlib1g', '1:1.2.13', 'zlib'),
    ];
    const { vulnerabilities } = findVulnerabilities({ system, packages }, indexOf(openssl));
    expect(vulnerabilities).toMatchObject([
      {
        id: 'CVE-2026-0001',
        severity: 'UNDEFINED',
        fixedIn: '3.0.13-1~deb12u1',
        package: { name: 'libssl3' },
      },
    ]);
  });

  it('finds nothing by advisories of another release', () => {
    const index = indexOf({ ...openssl, ecosystem: 'Debian:11' });
    const report = findVulnerabilities({ system, packages: [deb('openssl', '1.0')] }, index);
    expect(report).toEqual({ vulnerabilities: [], undecided: [], uncovered: ['Debian:12'] });
  });

  it('finds npm packages without an operating system', () => {
    const index = indexOf({
      id: 'GHSA-1',
      ecosystem: 'npm',
      package: 'ws',
      events: [{ introduced: '8.0.0' }, { fixed: '8.17.1' }],
    });
    const packages = [npm('ws', '8.17.0'), npm('ws', '8.17.1'), npm('ws', '7.0.0')];
    const { vulnerabilities } = findVulnerabilities({ packages }, index);
    expect(vulnerabilities).toMatchObject([{ id: 'GHSA-1', package: { version: '8.17.0' } }]);
  });

  it('names the only CVE of an advisory, and the advisory if it has several', () => {
    const idOf = (further: object) => {
      const index = indexOf({ ...openssl, id: 'DSA-1', further: { ...further } });
      return findVulnerabilities({ system, packages: [deb('openssl', '1.0')] }, index)
        .vulnerabilities[0]?.id;
    };
    expect(idOf({ upstream: ['CVE-2026-2'] })).toBe('CVE-2026-2');
    expect(idOf({ aliases: ['GHSA-1', 'CVE-2026-2'], upstream: ['CVE-2026-2'] })).toBe(
      'CVE-2026-2',
    );
    expect(idOf({ aliases: ['CVE-2026-2', 'CVE-2026-3'] })).toBe('DSA-1');
  });

  it('reports a vulnerability once, by the advisory that knows more', () => {
    const severity = [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }];
    const rated = { ...openssl, id: 'DSA-1', further: { upstream: [openssl.id], severity } };
    for (const index of [indexOf(openssl, rated), indexOf(rated, openssl)]) {
      const { vulnerabilities } = findVulnerabilities(
        { system, packages: [deb('openssl', '1.0')] },
        index,
      );
      expect(vulnerabilities).toMatchObject([
        { id: openssl.id, severity: 'CRITICAL', advisory: 'DSA-1' },
      ]);
    }
  });

  it('ignores withdrawn advisories', () => {
    const index = indexOf({ ...openssl, further: { withdrawn: '2026-02-01T00:00:00Z' } });
    expect(findVulnerabilities({ system, packages: [deb('openssl', '1.0')] }, index)).toEqual({
      vulnerabilities: [],
      undecided: [],
      uncovered: [],
    });
  });

  it('reports an advisory that cannot be evaluated', () => {
    const ranges = [{ type: 'CALVER', events: [{ introduced: '0' }] }];
    const index = indexOf({ ...openssl, affected: { ranges } });
    const { vulnerabilities, undecided } = findVulnerabilities(
      { system, packages: [deb('openssl', '1.0')] },
      index,
    );
    expect(vulnerabilities).toEqual([]);
    expect(undecided).toMatchObject([
      { id: 'CVE-2026-0001', package: { name: 'openssl' }, reason: 'unknown range type "CALVER"' },
    ]);
  });
});

describe('AdvisoryIndex', () => {
  it('counts files that are not advisories and names the first of them', () => {
    const index = new AdvisoryIndex();
    index.add('a.json', '{');
    index.add('b.json', undefined);
    index.add('c.json', '{"id":"X-1"}');
    for (let count = 0; count < 100; count += 1) index.add('d.json', 'null');
    expect(index.problems.count).toBe(103);
    expect(index.problems.first).toHaveLength(20);
    expect(index.problems.first.slice(0, 3)).toEqual([
      'a.json: the file is not JSON',
      'b.json: the file is too large',
      expect.stringContaining('c.json: modified'),
    ]);
  });
});
