import fc from 'fast-check';
import { describedImages, jsonDocuments, parseInstant } from './described-images';

const detail = (n: number, more: object = {}) => ({
  registryId: '000000000000',
  repositoryName: 'typerush/game-service',
  imageDigest: `sha256:${n}`,
  imageTags: [`dev-${n}`],
  imageSizeInBytes: 1,
  imagePushedAt: '2026-11-20T19:00:00.123000+07:00',
  ...more,
});
const page = (...imageDetails: unknown[]) => JSON.stringify({ imageDetails }, null, 2);
const digests = (text: string) => describedImages(text, 'images.json').map(({ digest }) => digest);

describe('describedImages', () => {
  it('reads one response, a bare list, a list of pages, and pages in sequence', () => {
    const both = ['sha256:1', 'sha256:2'];
    expect(digests(page(detail(1), detail(2)))).toEqual(both);
    expect(digests(JSON.stringify([detail(1), detail(2)]))).toEqual(both);
    expect(digests(`[${page(detail(1))},${page(detail(2))}]`)).toEqual(both);
    expect(digests(`${page(detail(1))}\n${page(detail(2))}\n`)).toEqual(both);
    expect(digests(`[]${JSON.stringify([detail(1)])}`)).toEqual(['sha256:1']);
    expect(digests(page())).toEqual([]);
  });

  it('reads everything that a policy depends on', () => {
    const [image] = describedImages(
      page(
        detail(1, {
          imageTags: undefined,
          lastRecordedPullTime: 1763636400.5,
          imageStatus: 'ARCHIVED',
          lastArchivedAt: '2026-11-19',
          subjectManifestDigest: 'sha256:2',
          imageManifestMediaType: 'application/vnd.oci.image.index.v1+json',
        }),
      ),
      'images.json',
    );
    expect(image).toEqual({
      digest: 'sha256:1',
      tags: [],
      pushedAt: new Date('2026-11-20T12:00:00.123Z'),
      pulledAt: new Date(1763636400500),
      storageClass: 'archive',
      transitionedAt: new Date('2026-11-19T00:00:00Z'),
      subject: 'sha256:2',
      isIndex: true,
    });
  });

  it.each([
    ['{"imageDetails": [', 'it is not JSON'],
    ['', 'it is not JSON'],
    ['{}{', 'it is not JSON'],
    ['{"images": []}', 'it contains neither'],
    ['3', 'it contains neither'],
    ['[3]', 'image 1: must be an object'],
    [page(detail(1), detail(2, { imageDigest: undefined })), 'image 2: imageDigest is missing'],
    [page(detail(1, { imageDigest: 7 })), 'image 1: imageDigest must be a string'],
    [page(detail(1, { imagePushedAt: null })), 'image 1: imagePushedAt is missing'],
    [page(detail(1, { imagePushedAt: 'yesterday' })), 'imagePushedAt is "yesterday"; it must be'],
    [page(detail(1, { imageTags: 'latest' })), 'imageTags must be a list of strings'],
    [page(detail(1), detail(1)), 'it lists the image sha256:1 twice'],
    [
      page(detail(1), detail(2, { repositoryName: 'typerush/record-service' })),
      'several repositories (typerush/game-service, typerush/record-service)',
    ],
  ])('rejects %s with a reason', (text, reason) => {
    expect(() => describedImages(text, 'images.json')).toThrow(
      expect.objectContaining({
        code: 'IMAGES_INVALID',
        message: expect.stringMatching(/^images\.json is not the output of .*/),
      }),
    );
    expect(() => describedImages(text, 'images.json')).toThrow(reason);
  });
});

describe('jsonDocuments', () => {
  it('returns the documents that were written in sequence', () => {
    const document = fc.oneof(
      fc.array(fc.jsonValue(), { maxLength: 3 }),
      fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 3 }),
    );
    fc.assert(
      fc.property(
        fc.array(document, { minLength: 1 }),
        fc.constantFrom('', '\n', ' \r\n'),
        (all, gap) => {
          const text = all.map((each) => JSON.stringify(each, null, 1)).join(gap);
          expect(jsonDocuments(text)).toEqual(all.map((each) => JSON.parse(JSON.stringify(each))));
        },
      ),
    );
  });
});

describe('parseInstant', () => {
  it.each([
    ['2026-11-21', '2026-11-21T00:00:00Z'],
    ['2026-11-21T12:00:00', '2026-11-21T12:00:00Z'],
    ['2026-11-21T12:00Z', '2026-11-21T12:00:00Z'],
    ['2026-11-21T12:00:00.5+07:00', '2026-11-21T05:00:00.5Z'],
    ['2026-11-21T12:00:00-0800', '2026-11-21T20:00:00Z'],
    [1795262400, '2026-11-21T12:00:00Z'],
    [1795262400000, '2026-11-21T12:00:00Z'],
  ])('reads %j', (value, iso) => {
    expect(parseInstant(value)).toEqual(new Date(iso));
  });

  it.each(['', 'now', '21.11.2026', '2026-13-01', '2026-11-21T25:00:00Z', '2026', NaN, null, {}])(
    'rejects %j',
    (value) => {
      expect(parseInstant(value)).toBeUndefined();
    },
  );
});
