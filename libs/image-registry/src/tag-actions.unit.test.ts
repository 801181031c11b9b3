import { planTagChanges, tagsToSet } from './tag-actions';
import { type TagMutabilitySetting } from './tag-mutability';

const mutable: TagMutabilitySetting = { imageTagMutability: 'MUTABLE' };
const immutable: TagMutabilitySetting = {
  imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION',
  imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'latest' }],
};
const existing = new Map([
  ['v1', 'ours'],
  ['v2', 'theirs'],
  ['latest', 'theirs'],
]);
const tags = ['v3', 'v1', 'v2', 'latest'];

const actions = (mutability: TagMutabilitySetting, move?: boolean) =>
  planTagChanges({ digest: 'ours', tags, existing, mutability, move }).map(({ action }) => action);

describe('planTagChanges', () => {
  it('creates, keeps and moves tags in a mutable repository', () => {
    expect(actions(mutable)).toEqual(['create', 'keep', 'move', 'move']);
  });

  it('reports a conflict for a tag of another image that the repository does not let move', () => {
    expect(actions(immutable)).toEqual(['create', 'keep', 'conflict', 'move']);
    const [change] = planTagChanges({
      digest: 'ours',
      tags: ['v2'],
      existing,
      mutability: immutable,
    });
    expect(change).toEqual({
      tag: 'v2',
      action: 'conflict',
      currentDigest: 'theirs',
      immutable: true,
    });
  });

  it('moves no tag unless it is requested', () => {
    expect(actions(mutable, false)).toEqual(['create', 'keep', 'conflict', 'conflict']);
  });

  it('keeps no tag of an image that is not known yet', () => {
    const changes = planTagChanges({ digest: undefined, tags, existing, mutability: mutable });
    expect(changes.map(({ action }) => action)).toEqual(['create', 'move', 'move', 'move']);
  });
});

it('tagsToSet puts tags first that may be refused', () => {
  const changes = planTagChanges({ digest: 'ours', tags, existing, mutability: immutable });
  expect(tagsToSet(changes)).toEqual(['latest', 'v3']);
});
