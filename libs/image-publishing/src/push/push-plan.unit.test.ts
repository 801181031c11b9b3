import { type TagMutabilitySetting } from '@typerush/image-registry';
import { type Digest, digestOf } from '@typerush/oci';
import fc from 'fast-check';
import { planPush } from './push-plan';

const same = digestOf('this image');
const other = digestOf('another image');
const mutable: TagMutabilitySetting = { imageTagMutability: 'MUTABLE' };
const immutable: TagMutabilitySetting = { imageTagMutability: 'IMMUTABLE' };

const tags = { fixed: ['dev-abc', 'dev-time'], moving: ['latest'], passing: ['dev-time'] };

const plan = (existing: Record<string, Digest>, mutability = mutable) =>
  planPush({ digest: same, tags, existing: new Map(Object.entries(existing)), mutability });

describe('planPush', () => {
  it('sets every tag in an empty repository', () => {
    const { fixed, moving } = tags;
    expect(plan({})).toMatchObject({ set: { fixed, moving }, conflicts: [], present: false });
  });

  it('does nothing, and omits the timestamp, if all other tags point to the image', () => {
    expect(plan({ 'dev-abc': same, latest: same })).toEqual({
      tags: [
        { tag: 'dev-abc', action: 'keep', moving: false },
        { tag: 'latest', action: 'keep', moving: true },
      ],
      set: { fixed: [], moving: [] },
      conflicts: [],
      present: true,
    });
  });

  it('sets the tags of a new commit with unchanged content', () => {
    expect(plan({ latest: same })).toMatchObject({
      set: { fixed: ['dev-abc', 'dev-time'], moving: [] },
      present: true,
    });
  });

  it('moves a tag of another image in a mutable repository', () => {
    expect(plan({ latest: other }).tags).toContainEqual({
      tag: 'latest',
      action: 'move',
      moving: true,
    });
    expect(plan({ latest: other }).conflicts).toEqual([]);
  });

  it('lists every tag that an immutable repository does not allow to move', () => {
    expect(plan({ 'dev-abc': other, latest: other }, immutable).conflicts).toEqual([
      { tag: 'dev-abc', moving: false, digest: other },
      { tag: 'latest', moving: true, digest: other },
    ]);
  });

  it('moves tags that are excluded from immutability', () => {
    const excluding: TagMutabilitySetting = {
      imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
    };
    expect(plan({ latest: other }, excluding).conflicts).toEqual([]);
    expect(plan({ 'dev-abc': other }, excluding).conflicts).toHaveLength(1);
  });

  it('never sets a tag that points to the image, and never moves an immutable one', () => {
    const image = fc.constantFrom(same, other, undefined);
    const existing = fc.record({ 'dev-abc': image, 'dev-time': image, latest: image });
    fc.assert(
      fc.property(existing, fc.constantFrom(mutable, immutable), (remote, mutability) => {
        const entries = Object.entries(remote).filter((entry) => entry[1] !== undefined);
        const planned = plan(Object.fromEntries(entries) as Record<string, Digest>, mutability);
        const set = [...planned.set.fixed, ...planned.set.moving];
        const wrong = set.filter((tag) => remote[tag as keyof typeof remote] === same);
        const refused = planned.tags
          .map(({ tag }) => tag)
          .filter((tag) => remote[tag as keyof typeof remote] === other);
        expect(wrong).toEqual([]);
        expect(planned.conflicts.map(({ tag }) => tag)).toEqual(
          mutability === immutable ? refused : [],
        );
      }),
    );
  });
});
