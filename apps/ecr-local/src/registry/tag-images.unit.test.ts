import fc from 'fast-check';
import { EcrError } from '../errors/ecr-error';
import { deleteImages } from './delete-images';
import { createRefusals } from './refusals';
import { ImageDraft, Images } from './images';
import { type Repository } from './repository';
import { pushImage } from './tag-images';

const refusals = createRefusals('000000000000');
const digestOfNumber = (n: number) => `sha256:${String(n).padStart(64, '0')}`;

const repository = (setting: Partial<Repository> = {}): Repository => ({
  id: 'id',
  name: 'team/app',
  createdAt: '2026-01-01T00:00:00.000Z',
  imageTagMutability: 'MUTABLE',
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
  resourceTags: [],
  images: new Images(),
  ...setting,
});

/** Changes the repository; answers what became of the push. */
function push(to: Repository, n: number, tag?: string, children: number[] = []) {
  const draft = new ImageDraft(to.images);
  const image = {
    digest: digestOfNumber(n),
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    manifestSize: 1,
    size: 1,
    pushedAt: new Date(n * 1000).toISOString(),
    blobs: [],
    children: children.map(digestOfNumber),
  };
  const outcome = pushImage(draft, to, image, tag, refusals);
  to.images.apply(draft.changes);
  return outcome;
}

function remove(from: Repository, ...imageIds: Parameters<typeof deleteImages>[1]) {
  const draft = new ImageDraft(from.images);
  const deletion = deleteImages(draft, imageIds);
  from.images.apply(draft.changes);
  return deletion;
}

function withPushes(
  pushes: readonly (readonly [n: number, tag?: string])[],
  setting = {},
): Repository {
  const made = repository(setting);
  for (const [n, tag] of pushes) push(made, n, tag);
  return made;
}

describe('a push', () => {
  it('moves a mutable tag and leaves the old image untagged, with its push date', () => {
    const made = withPushes([[1, 'latest']]);
    expect(push(made, 2, 'latest')).toBe('created');
    expect(made.images.values().map(({ tags, pushedAt }) => [pushedAt, tags])).toEqual([
      ['1970-01-01T00:00:01.000Z', []],
      ['1970-01-01T00:00:02.000Z', ['latest']],
    ]);
  });

  it('adds a tag to an existing image without a new push date', () => {
    const made = withPushes([[1, 'a']]);
    const pushedAt = made.images.values()[0]?.pushedAt;
    expect(push(made, 1, 'b')).toBe('tagged');
    expect(made.images.values()).toMatchObject([{ tags: ['a', 'b'], pushedAt }]);
  });

  it.each([undefined, 'a'])('of an existing image with the tag %j changes nothing', (tag) => {
    const made = withPushes([[1, 'a']], { imageTagMutability: 'IMMUTABLE' });
    const before = made.images.values();
    expect(push(made, 1, tag)).toBe('unchanged');
    expect(made.images.values()).toEqual(before);
  });

  it('of another image under an immutable tag is refused in ECR’s words', () => {
    const made = withPushes([[1, 'v1']], { imageTagMutability: 'IMMUTABLE' });
    expect(() => push(made, 2, 'v1')).toThrow(
      "The image tag 'v1' already exists in the 'team/app' repository and cannot be overwritten because the tag is immutable.",
    );
  });

  it.each([
    ['IMMUTABLE_WITH_EXCLUSION', 'prod', true],
    ['IMMUTABLE_WITH_EXCLUSION', 'prod-1', false],
    ['MUTABLE_WITH_EXCLUSION', 'prod', false],
    ['MUTABLE_WITH_EXCLUSION', 'prod-1', true],
  ] as const)('under %s but for prod moves %s: %s', (imageTagMutability, tag, moves) => {
    const filters = [{ filterType: 'WILDCARD' as const, filter: 'prod' }];
    const setting = { imageTagMutability, imageTagMutabilityExclusionFilters: filters };
    const made = withPushes([[1, tag]], setting);
    const again = () => {
      push(made, 2, tag);
      return made.images.tagged(tag)?.digest;
    };
    if (moves) expect(again()).toBe(digestOfNumber(2));
    else expect(again).toThrow(EcrError);
  });

  it('of a tag past the thousandth is refused', () => {
    const tags = Array.from({ length: 1000 }, (_, n) => `t${n}`);
    const made = withPushes(tags.map((tag) => [1, tag] as const));
    expect(() => push(made, 1, 'one-more')).toThrow('maximum of 1000 tags');
  });

  it('never leaves an index wrong, a tag on two images or an image twice after any pushes and deletions', () => {
    const step = fc.record({
      image: fc.integer({ min: 1, max: 4 }),
      tag: fc.option(fc.constantFrom('a', 'b', '__proto__'), { nil: undefined }),
      children: fc.subarray([1, 2, 3, 4]),
      removed: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const made = repository();
        for (const { image, tag, children, removed } of steps) {
          if (!removed) push(made, image, tag, children);
          else
            remove(
              made,
              tag === undefined ? { imageDigest: digestOfNumber(image) } : { imageTag: tag },
            );
        }
        const images = made.images.values();
        const tags = images.flatMap((image) => image.tags);
        expect(made.images.tags().sort()).toEqual([...new Set(tags)].sort());
        expect(new Set(tags).size).toBe(tags.length);
        expect(new Set(images.map(({ digest }) => digest)).size).toBe(images.length);
        for (const image of images) {
          for (const tag of image.tags) expect(made.images.tagged(tag)).toBe(image);
          const lists = images.filter(({ children }) => children.includes(image.digest));
          expect(new Set(made.images.listsOf(image.digest))).toEqual(new Set(lists));
        }
      }),
    );
  });
});

describe('a deletion', () => {
  let filled: Repository;
  beforeEach(() => {
    filled = withPushes([
      [1, 'a'],
      [1, 'b'],
      [2, 'c'],
    ]);
  });

  it('by tag takes the tag, and the image with its last', () => {
    const { deleted } = remove(filled, { imageTag: 'a' });
    expect(deleted).toEqual([{ imageDigest: digestOfNumber(1), imageTag: 'a' }]);
    expect(filled.images.values()).toMatchObject([{ tags: ['b'] }, { tags: ['c'] }]);
    remove(filled, { imageTag: 'b' });
    expect(filled.images.values().map(({ digest }) => digest)).toEqual([digestOfNumber(2)]);
  });

  it('by digest takes the image and answers every tag it had', () => {
    const { deleted } = remove(filled, { imageDigest: digestOfNumber(1) });
    expect(deleted.map(({ imageTag }) => imageTag)).toEqual(['a', 'b']);
    expect(filled.images.size).toBe(1);
  });

  it('sees what the deletions before it in the same batch left', () => {
    const ids = [
      { imageTag: 'a' },
      { imageTag: 'a' },
      { imageTag: 'b' },
      { imageDigest: digestOfNumber(1) },
    ];
    const { deleted, failures } = remove(filled, ...ids);
    expect(deleted.map(({ imageTag }) => imageTag)).toEqual(['a', 'b']);
    expect(failures.map(({ failureCode }) => failureCode)).toEqual([
      'ImageNotFound',
      'ImageNotFound',
    ]);
    expect(filled.images.size).toBe(1);
  });

  it.each([
    [{}, 'MissingDigestAndTag'],
    [{ imageDigest: 'sha256:12' }, 'InvalidImageDigest'],
    [{ imageTag: 'nope' }, 'ImageNotFound'],
    [{ imageDigest: digestOfNumber(9) }, 'ImageNotFound'],
    [{ imageDigest: digestOfNumber(1), imageTag: 'c' }, 'ImageTagDoesNotMatchDigest'],
  ])('of %j fails with %s and changes nothing', (imageId, failureCode) => {
    const before = filled.images.values();
    expect(remove(filled, imageId).failures).toMatchObject([{ imageId, failureCode }]);
    expect(filled.images.values()).toEqual(before);
  });

  it('leaves an image that a manifest list refers to until the list is gone', () => {
    const made = withPushes([[1]]);
    push(made, 2, 'v1', [1]);
    const child = { imageDigest: digestOfNumber(1) };
    expect(remove(made, child).failures).toMatchObject([
      {
        failureCode: 'ImageReferencedByManifestList',
        failureReason: `Requested image referenced by manifest list: [${digestOfNumber(2)}]`,
      },
    ]);
    expect(remove(made, { imageTag: 'v1' }, child).failures).toEqual([]);
    expect(made.images.values()).toEqual([]);
  });
});
