import { type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest, digestOf } from '@typerush/oci';
import fc from 'fast-check';
import { planPush } from './plan-push';

const ours = digestOf('ours');
const theirs = digestOf('theirs');
const same = ours;
const other = theirs;
const mutable: TagMutabilitySetting = { imageTagMutability: 'MUTABLE' };
const immutable: TagMutabilitySetting = { imageTagMutability: 'IMMUTABLE' };

const tags = { fixed: ['dev-abc', 'dev-time'], moving: ['latest'], passing: ['dev-time'] };

const plan = (existing: Record<string, Digest>, mutability = mutable) =>
  planPush({ digest: ours, tags, existing: new Map(Object.entries(existing)), mutability });

describe('the plan of a push', () => {
  it('sets every tag in an empty repository', () => {
    const { fixed, moving } = tags;
    expect(plan({})).toMatchObject({ set: { fixed, moving }, conflicts: [], present: false });
  });

  it('does nothing, and leaves out the timestamp, if all lasting tags point to the image', () => {
    expect(plan({ 'dev-abc': same, latest: same })).toEqual({
      tags: [
        { tag: 'dev-abc', action: 'keep' },
        { tag: 'latest', action: 'keep' },
      ],
      set: { fixed: [], moving: [] },
      conflicts: [],
      present: true,
    });
  });

  it('gives unchanged content under a new commit its new tags', () => {
    expect(plan({ latest: same })).toMatchObject({
      set: { fixed: ['dev-abc', 'dev-time'], moving: [] },
      present: true,
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

  it('never sets a tag that points to the image, and never moves one that is immutable', () => {
    const image = fc.constantFrom(same, other, undefined);
    const existing = fc.record({ 'dev-abc': image, 'dev-time': image, latest: image });
    fc.assert(
      fc.property(existing, fc.constantFrom(mutable, immutable), (remote, mutability) => {
        const entries = Object.entries(remote).filter((entry) => entry[1] !== undefined);
        const decision = plan(Object.fromEntries(entries) as Record<string, Digest>, mutability);
        const set = [...decision.set.fixed, ...decision.set.moving];
        const wrong = set.filter((tag) => remote[tag as keyof typeof remote] === same);
        const refused = decision.tags
          .map(({ tag }) => tag)
          .filter((tag) => remote[tag as keyof typeof remote] === other);
        expect(wrong).toEqual([]);
        expect(decision.conflicts.map(({ tag }) => tag)).toEqual(
          mutability === immutable ? refused : [],
        );
      }),
    );
  });
});
