import { type AllowedFinding } from '@typerush/image-registry';
import { checkAllowList, evaluateScan, type Finding, type ScanRules } from './evaluate-scan';

const now = Date.UTC(2027, 0, 20, 23, 59);
const rules: ScanRules = { threshold: 'CRITICAL', allow: [], now };

const finding = (severity: string, rest: Partial<Finding> = {}): Finding => ({
  id: `CVE-${severity}`,
  severity,
  package: 'openssl',
  version: '3.0.0',
  ...rest,
});
const entry = (rest: Partial<AllowedFinding> = {}): AllowedFinding => ({
  id: 'CVE-CRITICAL',
  reason: 'not called',
  expires: '2028-01-01',
  ...rest,
});
const verdicts = (findings: Finding[], changes: Partial<ScanRules> = {}) =>
  evaluateScan(findings, { ...rules, ...changes }).findings.map(({ verdict }) => verdict);

describe('evaluateScan', () => {
  const findings = ['LOW', 'CRITICAL', 'UNTRIAGED', 'HIGH'].map((each) => finding(each));

  it('counts the findings of each severity, the highest first', () => {
    const more = [...findings, finding('LOW', { id: 'CVE-2' })];
    expect(evaluateScan(more, rules).counts).toEqual([
      { severity: 'CRITICAL', count: 1 },
      { severity: 'HIGH', count: 1 },
      { severity: 'LOW', count: 2 },
      { severity: 'UNTRIAGED', count: 1 },
    ]);
  });

  it.each([
    ['CRITICAL', ['blocks', 'below', 'below', 'below']],
    ['HIGH', ['blocks', 'blocks', 'below', 'below']],
    ['LOW', ['blocks', 'blocks', 'blocks', 'below']],
  ] as const)('blocks findings of severity %s or higher', (threshold, expected) => {
    expect(verdicts(findings, { threshold })).toEqual(expected);
  });

  it('does not block findings without a rating', () => {
    const unrated = [finding('UNDEFINED'), finding('UNTRIAGED')];
    expect(verdicts(unrated, { threshold: 'INFORMATIONAL' })).toEqual(['below', 'below']);
  });

  it('does not block findings that Inspector suppresses, and marks them', () => {
    expect(verdicts([finding('CRITICAL', { suppressed: true })])).toEqual(['suppressed']);
  });

  it('sorts by severity, then by id and package, and lists each once', () => {
    const at = (id: string, name: string) => finding('HIGH', { id, package: name });
    const given = [at('CVE-2', 'a'), at('CVE-1', 'b'), at('CVE-1', 'a'), at('CVE-1', 'a')];
    const sorted = evaluateScan([...given, finding('CRITICAL')], rules).findings;
    expect(sorted.map(({ id, package: name }) => `${id} ${name}`)).toEqual([
      'CVE-CRITICAL openssl',
      'CVE-1 a',
      'CVE-1 b',
      'CVE-2 a',
    ]);
  });
});

describe('allow list', () => {
  it.each([
    ['allows a finding', 'on its last day', '2027-01-20', 'allowed'],
    ['blocks a finding', 'the day after', '2027-01-19', 'blocks'],
  ])('%s %s', (_does, _when, expires, verdict) => {
    expect(verdicts([finding('CRITICAL')], { allow: [entry({ expires })] })).toEqual([verdict]);
  });

  it('applies to every package, or to the one of the entry', () => {
    const two = [finding('CRITICAL'), finding('CRITICAL', { package: 'zlib' })];
    expect(verdicts(two, { allow: [entry()] })).toEqual(['allowed', 'allowed']);
    expect(verdicts(two, { allow: [entry({ package: 'zlib' })] })).toEqual(['blocks', 'allowed']);
  });

  it('prefers the entry for the package to one for all packages', () => {
    const allow = [entry(), entry({ package: 'openssl', expires: '2027-01-01' })];
    expect(verdicts([finding('CRITICAL')], { allow })).toEqual(['blocks']);
  });

  it.each([
    ['2027-01-19', 'expired', -1],
    ['2027-01-20', 'expires-soon', 0],
    ['2027-02-03', 'expires-soon', 14],
    ['2027-02-04', 'in-force', 15],
  ])('has for an entry until %s the state %s', (expires, state, daysLeft) => {
    const allow = [entry({ expires })];
    const { findings } = evaluateScan([finding('CRITICAL')], { ...rules, allow });
    expect(checkAllowList(allow, findings, now)).toEqual([{ ...allow[0], state, daysLeft }]);
  });

  it('has the state stale only for an entry that matches no finding', () => {
    const allow = [entry({ id: 'CVE-LOW' }), entry({ id: 'CVE-0' })];
    const { findings } = evaluateScan([finding('LOW')], { ...rules, allow });
    expect(checkAllowList(allow, findings, now)).toMatchObject([
      { state: 'in-force' },
      { state: 'stale' },
    ]);
  });
});
