import { type InstalledPackage } from '../packages/installed-package';
import { npmVulnerabilities } from './npm-advisories';

const installed = (version: string, name = 'minimist'): InstalledPackage => ({
  type: 'npm',
  name,
  version,
  file: '',
  layer: '',
});

const advisory = (more: object = {}) => ({
  id: 1097678,
  url: 'https://github.com/advisories/GHSA-xvch-5gv4-984h',
  title: 'Prototype Pollution in minimist',
  severity: 'critical',
  vulnerable_versions: '>=1.0.0 <1.2.6',
  ...more,
});

describe('npmVulnerabilities', () => {
  it('finds the versions in the range, by the id that OSV has too', () => {
    const packages = [installed('1.2.0'), installed('1.2.6'), installed('1.2.0', 'other')];
    const { vulnerabilities } = npmVulnerabilities(packages, { minimist: [advisory()] });
    expect(vulnerabilities).toEqual([
      {
        id: 'GHSA-xvch-5gv4-984h',
        advisory: 'GHSA-xvch-5gv4-984h',
        aliases: [],
        severity: 'CRITICAL',
        summary: 'Prototype Pollution in minimist',
        references: [advisory().url],
        package: packages[0],
      },
    ]);
  });

  it('counts pre-releases of an affected range as affected, as npm does', () => {
    const found = npmVulnerabilities([installed('1.2.1-beta.1')], { minimist: [advisory()] });
    expect(found.vulnerabilities).toHaveLength(1);
  });

  it.each([
    ['info', 'INFORMATIONAL'],
    ['moderate', 'MEDIUM'],
    ['constructor', 'UNDEFINED'],
  ])('maps the severity %s to %s', (word, severity) => {
    const answer = { minimist: [advisory({ severity: word })] };
    expect(npmVulnerabilities([installed('1.2.0')], answer).vulnerabilities).toMatchObject([
      { severity },
    ]);
  });

  it('leaves undecided what cannot be compared, under the number of npm without an address', () => {
    const answer = { minimist: [advisory({ url: '', vulnerable_versions: '???' })] };
    expect(npmVulnerabilities([installed('1.2.0')], answer)).toMatchObject({
      vulnerabilities: [],
      undecided: [{ id: 'npm-1097678', reason: '1.2.0 and "???" cannot be compared' }],
    });
  });

  it('finds nothing for a package with the name of a property of objects', () => {
    expect(npmVulnerabilities([installed('1.0.0', 'constructor')], {}).vulnerabilities).toEqual([]);
  });

  it.each([[[]], ['text'], [{ minimist: 'text' }], [{ minimist: [{ id: 1 }] }]])(
    'rejects the answer %j',
    (answer) => {
      expect(() => npmVulnerabilities([], answer)).toThrow('not a list of advisories');
    },
  );
});
