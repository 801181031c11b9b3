import { type TagMutabilitySetting } from '@typerush/image-registry';
import { digestOf } from '@typerush/oci';
import fc from 'fast-check';
import { planPush } from './plan-push';
import { type StandingTag } from './standing-tags';

const ours = digestOf('ours');
const theirs = digestOf('theirs');
const same: StandingTag = { digest: ours, same: true };
const other: StandingTag = { digest: theirs, same: false };
const mutable: TagMutabilitySetting = { imageTagMutability: 'MUTABLE' };
const immutable: TagMutabilitySetting = { imageTagMutability: 'IMMUTABLE' };

const tags = { fixed: ['dev-abc', 'dev-time'], moving: ['latest'], passing: ['dev-time'] };

const plan = (found: Record<string, StandingTag>, mutability = mutable) =>
  planPush({ tags, found: new Map(Object.entries(found)), mutability });

describe('the plan of a push', () => {
  it('sets every tag in an empty repository', () => {
    const { fixed, moving } = tags;
    expect(plan({})).toMatchObject({ set: { fixed, moving }, conflicts: [], stands: false });
  });

  it('does nothing, and leaves out the timestamp, when all lasting tags stand on the image', () => {
    expect(plan({ 'dev-abc': same, latest: same })).toEqual({
      tags: [
        { tag: 'dev-abc', action: 'keep' },
        { tag: 'latest', action: 'keep' },
      ],
      set: { fixed: [], moving: [] },
      conflicts: [],
      stands: true,
    });
  });

  it('gives unchanged content under a new commit its new tags', () => {
    expect(plan({ latest: same })).toMatchObject({
      set: { fixed: ['dev-abc', 'dev-time'], moving: [] },
      stands: true,
    });
  });

  it('moves a tag of another image in a mutable repository', () => {
    expect(plan({ latest: other }).tags).toContainEqual({ tag: 'latest', action: 'move' });
    expect(plan({ latest: other }).conflicts).toEqual([]);
  });

  it('names every tag of another image that an immutable repository holds', () => {
    expect(plan({ 'dev-abc': other, latest: other }, immutable).conflicts).toEqual([
      { tag: 'dev-abc', moving: false, digest: theirs },
      { tag: 'latest', moving: true, digest: theirs },
    ]);
  });

  it('moves the tags that are excluded from immutability', () => {
    const excluding: TagMutabilitySetting = {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
    };
    expect(plan({ latest: other }, excluding).conflicts).toEqual([]);
    expect(plan({ 'dev-abc': other }, excluding).conflicts).toHaveLength(1);
  });

  it('never sets a tag that stands right, and never moves one that is immutable', () => {
    const standing = fc.constantFrom(same, other, undefined);
    const found = fc.record({ 'dev-abc': standing, 'dev-time': standing, latest: standing });
    fc.assert(
      fc.property(found, fc.constantFrom(mutable, immutable), (stands, mutability) => {
        const entries = Object.entries(stands).filter((entry) => entry[1] !== undefined);
        const decision = plan(
          Object.fromEntries(entries) as Record<string, StandingTag>,
          mutability,
        );
        const set = [...decision.set.fixed, ...decision.set.moving];
        const wrong = set.filter((tag) => stands[tag as keyof typeof stands] === same);
        const refused = set.filter((tag) => stands[tag as keyof typeof stands] === other);
        expect(wrong).toEqual([]);
        expect(decision.conflicts.map(({ tag }) => tag)).toEqual(
          mutability === immutable ? refused : [],
        );
      }),
    );
  });
});
