import fc from 'fast-check';
import { compareSemver } from '../versions/compare-versions';
import { compareDpkgVersions } from '../versions/dpkg-version';
import { evaluateVersion } from './affected-version';
import { type RangeEvent } from './osv';

const semverRange = (...events: RangeEvent[]) => [{ type: 'SEMVER', events }];

const statusOf = (version: string, ...events: RangeEvent[]) =>
  evaluateVersion({ ranges: semverRange(...events), versions: [] }, version, compareSemver).status;

describe('evaluateVersion', () => {
  // https://ossf.github.io/osv-schema/#affectedranges-field
  it('affects all versions from the one that introduced it, up to the fix', () => {
    const events = [{ introduced: '1.0.0' }, { fixed: '1.0.2' }];
    expect(
      ['0.9.9', '1.0.0', '1.0.1', '1.0.2'].map((version) => statusOf(version, ...events)),
    ).toEqual(['unaffected', 'affected', 'affected', 'unaffected']);
  });

  it('affects the last affected version itself', () => {
    const events = [{ introduced: '0' }, { last_affected: '2.1.214' }];
    expect(statusOf('2.1.214', ...events)).toBe('affected');
    expect(statusOf('2.1.215', ...events)).toBe('unaffected');
  });

  it('evaluates events in the order of their versions, not of the list', () => {
    const events = [
      { fixed: '3.1.5' },
      { introduced: '3.0.0' },
      { fixed: '1.0.2' },
      { introduced: '1.0.0' },
    ];
    expect(statusOf('2.0.0', ...events)).toBe('unaffected');
    expect(statusOf('3.1.4', ...events)).toBe('affected');
  });

  it('ends at a limit, unless it is *', () => {
    expect(statusOf('1.5.0', { introduced: '1.0.0' }, { limit: '2.0.0' })).toBe('affected');
    expect(statusOf('2.0.0', { introduced: '1.0.0' }, { limit: '2.0.0' })).toBe('unaffected');
    expect(statusOf('2.0.0', { introduced: '1.0.0' }, { limit: '*' })).toBe('affected');
  });

  it('treats 0 as a version before all others, also before pre-releases', () => {
    expect(statusOf('0.0.0-alpha', { introduced: '0' })).toBe('affected');
  });

  it('names the first fix after the version', () => {
    const events = [
      { introduced: '0' },
      { fixed: '1.2.0' },
      { introduced: '2.0.0' },
      { fixed: '2.3.0' },
    ];
    const verdict = (version: string) =>
      evaluateVersion({ ranges: semverRange(...events), versions: [] }, version, compareSemver);
    expect(verdict('1.0.0')).toEqual({ status: 'affected', fixedIn: '1.2.0' });
    expect(verdict('2.2.9')).toEqual({ status: 'affected', fixedIn: '2.3.0' });
  });

  it('affects a listed version without a range', () => {
    expect(
      evaluateVersion({ ranges: [], versions: ['1.0-1'] }, '1.0-1', compareDpkgVersions),
    ).toEqual({
      status: 'affected',
    });
  });

  it('ignores ranges of commits', () => {
    const ranges = [{ type: 'GIT', events: [{ introduced: '0' }] }];
    expect(evaluateVersion({ ranges, versions: [] }, '1.0.0', compareSemver).status).toBe(
      'unaffected',
    );
  });

  it('does not guess at a range of an unknown type', () => {
    const ranges = [{ type: 'CALVER', events: [{ introduced: '0' }] }];
    expect(evaluateVersion({ ranges, versions: [] }, '1.0.0', compareSemver)).toEqual({
      status: 'undecided',
      reason: 'unknown range type "CALVER"',
    });
  });

  it('does not guess at versions that cannot be compared', () => {
    const ranges = semverRange({ introduced: '1.0.0' }, { fixed: 'next' });
    expect(evaluateVersion({ ranges, versions: [] }, '1.2.0', compareSemver)).toMatchObject({
      status: 'undecided',
    });
  });

  it('agrees with the intervals that the events were made from', () => {
    const version = fc.tuple(fc.nat(4), fc.nat(4)).map(([major, minor]) => `${major}.${minor}.0`);
    const before = (a: string, b: string) => (compareSemver(a, b) ?? NaN) < 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(version, { minLength: 1, maxLength: 6 }),
        version,
        fc.boolean(),
        (points, probe, isFixed) => {
          const sorted = [...points].sort((a, b) => compareSemver(a, b) ?? NaN);
          const intervals = sorted.flatMap((from, at) =>
            at % 2 === 0 ? [[from, sorted[at + 1]] as const] : [],
          );
          const events = intervals.flatMap(([from, to]): RangeEvent[] => [
            { introduced: from },
            ...(to === undefined ? [] : [isFixed ? { fixed: to } : { last_affected: to }]),
          ]);
          const isInside = intervals.some(
            ([from, to]) =>
              !before(probe, from) &&
              (to === undefined || before(probe, to) || (!isFixed && probe === to)),
          );
          fc.pre(events.length > 0);
          expect(statusOf(probe, ...[...events].reverse())).toBe(
            isInside ? 'affected' : 'unaffected',
          );
        },
      ),
      { numRuns: 500 },
    );
  });
});
