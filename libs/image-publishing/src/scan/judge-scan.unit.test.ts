import { type AllowedFinding } from '@typerush/image-registry';
import { checkAllowList } from './allow-list';
import { type Finding } from './image-scans';
import { judgeScan, type ScanRules } from './judge-scan';

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
  judgeScan(findings, { ...rules, ...changes }).findings.map(({ verdict }) => verdict);

describe('judgeScan', () => {
  const findings = ['LOW', 'CRITICAL', 'UNTRIAGED', 'HIGH'].map((each) => finding(each));

  it('counts the findings of each severity, the worst first', () => {
    const more = [...findings, finding('LOW', { id: 'CVE-2' })];
    expect(judgeScan(more, rules).counts).toEqual([
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
  ] as const)('is blocked by what is found from %s up', (threshold, expected) => {
    expect(verdicts(findings, { threshold })).toEqual(expected);
  });

  it('is not blocked by what nobody has rated', () => {
    const unrated = [finding('UNDEFINED'), finding('UNTRIAGED')];
    expect(verdicts(unrated, { threshold: 'INFORMATIONAL' })).toEqual(['below', 'below']);
  });

  it('is not blocked by what Inspector is told to suppress, which it says', () => {
    expect(verdicts([finding('CRITICAL', { suppressed: true })])).toEqual(['suppressed']);
  });

  it('sorts by severity, then by id and package, and tells each once', () => {
    const at = (id: string, name: string) => finding('HIGH', { id, package: name });
    const given = [at('CVE-2', 'a'), at('CVE-1', 'b'), at('CVE-1', 'a'), at('CVE-1', 'a')];
    const sorted = judgeScan([...given, finding('CRITICAL')], rules).findings;
    expect(sorted.map(({ id, package: name }) => `${id} ${name}`)).toEqual([
      'CVE-CRITICAL openssl',
      'CVE-1 a',
      'CVE-1 b',
      'CVE-2 a',
    ]);
  });
});

describe('an entry of the allow list', () => {
  it.each([
    ['its last day', '2027-01-20', 'allowed'],
    ['the day after', '2027-01-19', 'blocks'],
  ])('on %s', (_, expires, verdict) => {
    expect(verdicts([finding('CRITICAL')], { allow: [entry({ expires })] })).toEqual([verdict]);
  });

  it('is for every package, or for the one that it names', () => {
    const two = [finding('CRITICAL'), finding('CRITICAL', { package: 'zlib' })];
    expect(verdicts(two, { allow: [entry()] })).toEqual(['allowed', 'allowed']);
    expect(verdicts(two, { allow: [entry({ package: 'zlib' })] })).toEqual(['blocks', 'allowed']);
  });

  it('that names the package goes before one for any', () => {
    const allow = [entry(), entry({ package: 'openssl', expires: '2027-01-01' })];
    expect(verdicts([finding('CRITICAL')], { allow })).toEqual(['blocks']);
  });

  it.each([
    ['2027-01-19', 'expired', -1],
    ['2027-01-20', 'expires-soon', 0],
    ['2027-02-03', 'expires-soon', 14],
    ['2027-02-04', 'in-force', 15],
  ])('until %s is %s', (expires, state, daysLeft) => {
    const allow = [entry({ expires })];
    const { findings } = judgeScan([finding('CRITICAL')], { ...rules, allow });
    expect(checkAllowList(allow, findings, now)).toEqual([{ ...allow[0], state, daysLeft }]);
  });

  it('that names nothing found is stale, one that names what blocks nothing is not', () => {
    const allow = [entry({ id: 'CVE-LOW' }), entry({ id: 'CVE-0' })];
    const { findings } = judgeScan([finding('LOW')], { ...rules, allow });
    expect(checkAllowList(allow, findings, now)).toMatchObject([
      { state: 'in-force' },
      { state: 'stale' },
    ]);
  });
});
