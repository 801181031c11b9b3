import { periodOf } from './periods';

describe('a period', () => {
  it.each([
    ['day', '2026-11-26T23:59:59.999Z', '2026-11-26'],
    ['day', '2026-11-27T00:00:00.000Z', '2026-11-27'],
    ['week', '2026-11-22T23:59:59.999Z', '2026-11-16'],
    ['week', '2026-11-23T00:00:00.000Z', '2026-11-23'],
    ['week', '2026-11-29T23:59:59.999Z', '2026-11-23'],
    ['week', '2027-01-01T12:00:00.000Z', '2026-12-28'],
    ['all', '2026-11-29T23:59:59.999Z', '1970-01-01'],
  ] as const)('%s at %s begins on %s', (period, at, startsOn) => {
    expect(periodOf(period, at)).toEqual({ period, startsOn });
  });

  it('begins on the same day wherever the service runs', () => {
    const zone = process.env.TZ;
    process.env.TZ = 'Pacific/Kiritimati';
    expect(periodOf('week', '2026-11-22T23:59:59.999Z').startsOn).toBe('2026-11-16');
    process.env.TZ = zone;
  });
});
