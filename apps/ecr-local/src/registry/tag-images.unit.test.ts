import fc from 'fast-check';
import { EcrError } from '../errors/ecr-error';
import { deleteImages } from './delete-images';
import { createRefusals } from './refusals';
import { imageOfTag, type Repository } from './repository';
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
  images: [],
  ...setting,
});

const push = (to: Repository, n: number, tag?: string, children: number[] = []) =>
  pushImage(
    to,
    {
      digest: digestOfNumber(n),
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      manifestSize: 1,
      size: 1,
      pushedAt: new Date(n * 1000).toISOString(),
      blobs: [],
      children: children.map(digestOfNumber),
    },
    tag,
    refusals,
  );

describe('a push', () => {
  it('moves a mutable tag and leaves the old image untagged, with its push date', () => {
    const first = push(repository(), 1, 'latest').repository;
    const { repository: after, outcome } = push(first, 2, 'latest');
    expect(outcome).toBe('created');
    expect(after.images.map(({ tags, pushedAt }) => [pushedAt, tags])).toEqual([
      ['1970-01-01T00:00:01.000Z', []],
      ['1970-01-01T00:00:02.000Z', ['latest']],
    ]);
  });

  it('adds a tag to an existing image without a new push date', () => {
    const first = push(repository(), 1, 'a').repository;
    const { repository: after, outcome } = push(first, 1, 'b');
    expect(outcome).toBe('tagged');
    expect(after.images).toMatchObject([{ tags: ['a', 'b'], pushedAt: first.images[0]?.pushedAt }]);
  });

  it.each([undefined, 'a'])('of an existing image with the tag %j changes nothing', (tag) => {
    const first = push(repository({ imageTagMutability: 'IMMUTABLE' }), 1, 'a').repository;
    expect(push(first, 1, tag)).toEqual({ repository: first, outcome: 'unchanged' });
  });

  it('of another image under an immutable tag is refused in ECR’s words', () => {
    const first = push(repository({ imageTagMutability: 'IMMUTABLE' }), 1, 'v1').repository;
    expect(() => push(first, 2, 'v1')).toThrow(
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
    const first = push(repository(setting), 1, tag).repository;
    const again = () => push(first, 2, tag);
    if (moves) expect(imageOfTag(again().repository, tag)?.digest).toBe(digestOfNumber(2));
    else expect(again).toThrow(EcrError);
  });

  it('of a tag past the thousandth is refused', () => {
    const full = {
      ...push(repository(), 1).repository.images[0]!,
      tags: Array.from({ length: 1000 }, (_, n) => `t${n}`),
    };
    expect(() => push(repository({ images: [full] }), 1, 'one-more')).toThrow(
      'maximum of 1000 tags',
    );
  });

  it('never leaves a tag on two images or an image twice after any pushes and deletions', () => {
    const step = fc.record({
      image: fc.integer({ min: 1, max: 4 }),
      tag: fc.option(fc.constantFrom('a', 'b', '__proto__'), { nil: undefined }),
      remove: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const after = steps.reduce<Repository>((state, { image, tag, remove }) => {
          if (!remove) return push(state, image, tag).repository;
          const id = tag === undefined ? { imageDigest: digestOfNumber(image) } : { imageTag: tag };
          return deleteImages(state, [id]).repository;
        }, repository());
        const tags = after.images.flatMap((image) => image.tags);
        const digests = after.images.map(({ digest }) => digest);
        expect(new Set(tags).size).toBe(tags.length);
        expect(new Set(digests).size).toBe(digests.length);
      }),
    );
  });
});

describe('a deletion', () => {
  const three = [
    [1, 'a'],
    [1, 'b'],
    [2, 'c'],
  ] as const;
  const filled = three.reduce<Repository>(
    (to, [n, tag]) => push(to, n, tag).repository,
    repository(),
  );

  it('by tag takes the tag, and the image with its last', () => {
    const once = deleteImages(filled, [{ imageTag: 'a' }]);
    expect(once.deleted).toEqual([{ imageDigest: digestOfNumber(1), imageTag: 'a' }]);
    expect(once.repository.images).toMatchObject([{ tags: ['b'] }, { tags: ['c'] }]);
    const twice = deleteImages(once.repository, [{ imageTag: 'b' }]);
    expect(twice.repository.images.map(({ digest }) => digest)).toEqual([digestOfNumber(2)]);
  });

  it('by digest takes the image and answers every tag it had', () => {
    const { deleted, repository: after } = deleteImages(filled, [
      { imageDigest: digestOfNumber(1) },
    ]);
    expect(deleted.map(({ imageTag }) => imageTag)).toEqual(['a', 'b']);
    expect(after.images).toHaveLength(1);
  });

  it.each([
    [{}, 'MissingDigestAndTag'],
    [{ imageDigest: 'sha256:12' }, 'InvalidImageDigest'],
    [{ imageTag: 'nope' }, 'ImageNotFound'],
    [{ imageDigest: digestOfNumber(9) }, 'ImageNotFound'],
    [{ imageDigest: digestOfNumber(1), imageTag: 'c' }, 'ImageTagDoesNotMatchDigest'],
  ])('of %j fails with %s and changes nothing', (imageId, failureCode) => {
    const deletion = deleteImages(filled, [imageId]);
    expect(deletion.failures).toMatchObject([{ imageId, failureCode }]);
    expect(deletion.repository).toEqual(filled);
  });

  it('leaves an image that a manifest list refers to until the list is gone', () => {
    const list = push(push(repository(), 1).repository, 2, 'v1', [1]).repository;
    const child = { imageDigest: digestOfNumber(1) };
    const refused = deleteImages(list, [child]);
    expect(refused.failures).toMatchObject([
      {
        failureCode: 'ImageReferencedByManifestList',
        failureReason: `Requested image referenced by manifest list: [${digestOfNumber(2)}]`,
      },
    ]);
    const both = deleteImages(list, [{ imageTag: 'v1' }, child]);
    expect(both.failures).toEqual([]);
    expect(both.repository.images).toEqual([]);
  });
});
