import { type RemoteImage } from '@typerush/ecr-access';
import { digestOf } from '@typerush/oci';
import fc from 'fast-check';
import { type ReleaseRecord } from '../release/release-record';
import { previousVersion, versionsOf } from './versions';

const templates = ['prod-{sha7}', 'v{version}'];
const day = (number: number) => new Date(Date.UTC(2026, 0, number));

const image = (name: string, pushed: number, tags: readonly string[]): RemoteImage => ({
  digest: digestOf(name),
  tags: [...tags],
  pushedAt: day(pushed),
  size: 1,
  mediaType: '',
  storageClass: 'standard',
});

const release = (kind: ReleaseRecord['kind'], on: number): ReleaseRecord => ({
  environment: 'prod',
  kind,
  at: day(on),
});

const releases = (of: Record<string, readonly ReleaseRecord[]>) =>
  new Map(Object.entries(of).map(([name, records]) => [digestOf(name), records] as const));

const one = image('one', 1, ['prod-aaaaaaa', 'v1.0.0']);
const two = image('two', 2, ['prod-bbbbbbb', 'v1.1.0', 'staging-bbbbbbb']);
const three = image('three', 3, ['prod-ccccccc']);

describe('versionsOf', () => {
  it('contains only images with a fixed tag of the environment', () => {
    const other = image('other', 4, ['dev-ddddddd', 'prod', 'latest']);
    const found = versionsOf({ images: [one, two, three, other], releases: new Map() }, templates);
    expect(found.map(({ name }) => name)).toEqual(['prod-ccccccc', 'v1.1.0', 'v1.0.0']);
  });

  it('counts an image that was promoted from its promotion, not from its push', () => {
    const [newest, oldest] = versionsOf(
      { images: [one, two], releases: releases({ one: [release('promote', 9)] }) },
      templates,
    );
    expect(newest).toMatchObject({ name: 'v1.0.0', periods: [{ from: day(9) }] });
    expect(oldest).toMatchObject({ periods: [{ from: day(2), until: day(9) }] });
  });

  it('counts an image that was returned to from its push, and again from the rollback', () => {
    const found = versionsOf(
      { images: [one, two], releases: releases({ one: [release('rollback', 5)] }) },
      templates,
    );
    expect(found.map(({ name }) => name)).toEqual(['v1.1.0', 'v1.0.0']);
    expect(found[1]?.periods).toEqual([{ from: day(1), until: day(2) }, { from: day(5) }]);
    expect(found[0]?.periods).toEqual([{ from: day(2), until: day(5) }]);
  });

  it('lets exactly one image be current at any time since the first', () => {
    const history = fc.array(fc.record({ image: fc.nat(4), kind: fc.boolean() }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(history, (events) => {
        const images = [0, 1, 2, 3, 4].map((id) => image(`${id}`, id + 1, [`v1.${id}.0`]));
        const records: Record<string, ReleaseRecord[]> = {};
        events.forEach(({ image: id, kind }, index) => {
          (records[`${id}`] ??= []).push(release(kind ? 'promote' : 'rollback', 10 + index));
        });
        const found = versionsOf({ images, releases: releases(records) }, templates);
        const starts = found.flatMap(({ periods }) => periods.map(({ from }) => from.getTime()));
        const from = Math.min(...starts);
        for (const time of [...starts, day(99).getTime()].filter((each) => each >= from)) {
          const current = found.filter(({ periods }) =>
            periods.some(
              (period) =>
                period.from.getTime() <= time && (period.until?.getTime() ?? Infinity) > time,
            ),
          );
          expect(current).toHaveLength(1);
        }
        // Each start ends the period before it: no two overlap, not even of one image.
        expect(found.flatMap(({ periods }) => periods).filter(({ until }) => !until)).toHaveLength(
          1,
        );
      }),
    );
  });
});

describe('previousVersion', () => {
  const versions = versionsOf({ images: [one, two, three], releases: new Map() }, templates);
  const previous = (current: string) => previousVersion(versions, digestOf(current))?.name;

  it('is the one released before the current one', () => {
    expect([previous('three'), previous('two')]).toEqual(['v1.1.0', 'v1.0.0']);
    expect(previous('one')).toBeUndefined();
  });

  it('is the last released one if the current image is not a version', () => {
    expect(previous('unknown')).toBe('prod-ccccccc');
  });

  it('is not an archived image', () => {
    const archived = { ...two, storageClass: 'archive' as const };
    const some = versionsOf({ images: [one, archived, three], releases: new Map() }, templates);
    expect(previousVersion(some, digestOf('three'))?.name).toBe('v1.0.0');
  });
});
