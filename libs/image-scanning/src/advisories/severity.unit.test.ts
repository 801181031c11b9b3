import { type Advisory, type Affected, parseAdvisory } from './osv';
import { rate, readVector } from './severity';

describe('readVector', () => {
  // https://www.first.org/cvss/v3-1/examples and https://www.first.org/cvss/v4-0/examples
  it.each([
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', '3.1', 7.5],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', '3.1', 6.4],
    ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', '3.1', 3.1],
    ['CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:H/I:H/A:H', '3.1', 9.9],
    ['CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N', '3.1', 6.1],
    ['CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.0', 9.8],
    ['CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.3],
    ['CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 7.7],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N', '4.0', 8.7],
    ['AV:N/AC:L/Au:N/C:N/I:N/A:C', '2.0', 7.8],
  ])('scores the published example %s', (vector, version, baseScore) => {
    expect(readVector(vector)).toEqual({ vector, version, baseScore });
  });

  it.each(['', 'CVSS:3.1/AV:N', 'CVSS:9.9/AV:N', '9.8', `CVSS:3.1/${'AV:N/'.repeat(1_000)}`])(
    'does not score %.20s',
    (vector) => expect(readVector(vector)).toBeUndefined(),
  );
});

describe('rate', () => {
  const v3 = (score: string) => ({ type: 'CVSS_V3', score: `CVSS:3.1/${score}` });
  const high = v3('AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N');
  const rated = (further: object, affected: object = {}) => {
    const content = {
      id: 'X-1',
      modified: '2026-01-01T00:00:00Z',
      affected: [affected],
      ...further,
    };
    const { advisory } = parseAdvisory(content) as { advisory: Advisory };
    return rate(advisory, advisory.affected[0] as Affected).severity;
  };

  it.each([
    ['CRITICAL', 'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['HIGH', 'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'],
    ['MEDIUM', 'AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N'],
    ['LOW', 'AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N'],
    ['INFORMATIONAL', 'AV:N/AC:H/PR:N/UI:R/S:U/C:N/I:N/A:N'],
  ])('is %s for a score in that range', (severity, vector) => {
    expect(rated({ severity: [v3(vector)] })).toBe(severity);
  });

  it('prefers the severity of the distribution to a score', () => {
    expect(rated({ severity: [high] }, { ecosystem_specific: { urgency: 'low' } })).toBe('LOW');
    expect(rated({ severity: [high] }, { ecosystem_specific: { urgency: 'unimportant' } })).toBe(
      'INFORMATIONAL',
    );
  });

  it('uses the score if the distribution has not rated it', () => {
    const affected = { ecosystem_specific: { urgency: 'not yet assigned' } };
    expect(rated({ severity: [high] }, affected)).toBe('HIGH');
  });

  it('uses the word of the database if there is no score', () => {
    expect(rated({ database_specific: { severity: 'MODERATE' } })).toBe('MEDIUM');
  });

  it('is UNDEFINED if nothing rates it', () => {
    expect(rated({ severity: [{ type: 'Other', score: 'bad' }] })).toBe('UNDEFINED');
  });

  it('prefers the score of the package to that of the advisory', () => {
    const low = v3('AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N');
    expect(rated({ severity: [high] }, { severity: [low] })).toBe('LOW');
  });
});
