import { type Finding } from './image-scans';
import { judgeScan } from './judge-scan';

const finding = (severity: string, name = `CVE-${severity}`): Finding => ({
  name,
  severity,
  where: 'openssl 3.0.0',
});

describe('judgeScan', () => {
  const findings = ['LOW', 'CRITICAL', 'UNTRIAGED', 'HIGH', 'LOW'].map((each) => finding(each));

  it('counts the findings of each severity, the worst first', () => {
    expect(judgeScan(findings, 'CRITICAL').counts).toEqual([
      { severity: 'CRITICAL', count: 1 },
      { severity: 'HIGH', count: 1 },
      { severity: 'LOW', count: 2 },
      { severity: 'UNTRIAGED', count: 1 },
    ]);
  });

  it.each([
    ['CRITICAL', ['CRITICAL']],
    ['HIGH', ['CRITICAL', 'HIGH']],
    ['LOW', ['CRITICAL', 'HIGH', 'LOW', 'LOW']],
  ] as const)('is blocked by what is found from %s up', (threshold, expected) => {
    const { blocking } = judgeScan(findings, threshold);
    expect(blocking.map(({ severity }) => severity)).toEqual(expected);
  });

  it('is not blocked by what nobody has rated', () => {
    const unrated = [finding('UNDEFINED'), finding('UNTRIAGED')];
    expect(judgeScan(unrated, 'INFORMATIONAL').blocking).toEqual([]);
  });
});
