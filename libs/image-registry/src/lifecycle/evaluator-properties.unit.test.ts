import fc from 'fast-check';
import { policies, repositories } from '../../test/lifecycle-arbitraries';
import { now } from '../../test/lifecycle-documents';
import {
  evaluateLifecyclePolicy,
  type LifecycleRule,
  matchesWildcard,
  type StoredImage,
} from '../index';

const pattern = fc.constantFrom('prod*', 'prod', 'dev*', 'v*', '*1', 'latest', '*');
const policy = policies(pattern);
const tags = ['latest', 'prod', 'prod-1', 'prod-2', 'dev-1', 'dev-2', 'dev-3', 'v1', 'v2', 'v3'];
const images = repositories(tags);
const runs = { numRuns: 1000 };

/** By the letter of the guide, without the evaluator's own code. */
function selects(
  { selection: { tagStatus, tagPatternList, storageClass = 'standard' } }: LifecycleRule,
  image: StoredImage,
): boolean {
  if ((image.storageClass ?? 'standard') !== storageClass) return false;
  if (tagStatus === 'untagged') return image.tags.length === 0;
  if (tagStatus === 'any') return true;
  return (tagPatternList ?? []).every((each) =>
    image.tags.some((tag) => matchesWildcard(each, tag)),
  );
}

/** The image that another refers to in the end, itself if it refers to none that exists. */
function subjectOf(image: StoredImage, all: readonly StoredImage[]): StoredImage {
  const subject = all.find(({ digest }) => digest === image.subject);
  return subject ? subjectOf(subject, all) : image;
}

const daysSince = (date: Date) => (now.getTime() - date.getTime()) / 86_400_000;

describe('any lifecycle policy', () => {
  it('acts on an image by the first rule that matches it, or not at all', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        for (const { image, rulePriority } of evaluateLifecyclePolicy(document, all, now)) {
          const first = document.rules.find((rule) => selects(rule, subjectOf(image, all)));
          expect(first?.rulePriority).toBe(rulePriority);
        }
      }),
      runs,
    );
  });

  it('acts on no more images than a rule allows: none of the youngest that it keeps, none that is not old enough', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        const verdicts = evaluateLifecyclePolicy(document, all, now);
        for (const rule of document.rules) {
          const { countType, countNumber } = rule.selection;
          const byRule = verdicts
            .filter(({ rulePriority }) => rulePriority === rule.rulePriority)
            .map(({ image }) => subjectOf(image, all));
          for (const image of byRule) {
            if (countType === 'imageCountMoreThan') {
              const younger = all.filter(
                (other) =>
                  other === subjectOf(other, all) &&
                  selects(rule, other) &&
                  other !== image &&
                  other.pushedAt >= image.pushedAt,
              );
              expect(younger.length).toBeGreaterThanOrEqual(countNumber);
            } else {
              const since = {
                sinceImagePushed: image.pushedAt,
                sinceImagePulled: image.pulledAt ?? image.pushedAt,
                sinceImageTransitioned: image.transitionedAt ?? now,
              }[countType];
              expect(daysSince(since)).toBeGreaterThan(countNumber);
            }
          }
        }
      }),
      runs,
    );
  });

  it('acts on every image that its first rule is over, unless a list refers to it', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        const acted = new Set(
          evaluateLifecyclePolicy(document, all, now).map(({ image }) => image.digest),
        );
        const referredTo = new Set(all.flatMap(({ children = [] }) => children));
        const byAge = all.filter((image) => {
          const first = document.rules.find((rule) => selects(rule, image));
          return (
            first?.selection.countType === 'sinceImagePushed' &&
            image === subjectOf(image, all) &&
            daysSince(image.pushedAt) > first.selection.countNumber
          );
        });
        for (const { digest } of byAge) expect(acted.has(digest)).toBe(!referredTo.has(digest));
      }),
      runs,
    );
  });

  it('acts on no image twice, and on the same images in any input order', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        const digests = (list: readonly StoredImage[]) =>
          evaluateLifecyclePolicy(document, list, now).map(({ image }) => image.digest);
        const once = digests(all);
        expect(new Set(once).size).toBe(once.length);
        expect(digests(all.toReversed()).sort()).toEqual(once.sort());
      }),
      runs,
    );
  });

  it('does not act on an image that an existing manifest list refers to', () => {
    fc.assert(
      fc.property(policy, images, (document, all) => {
        const children = new Set(all.flatMap(({ children: own = [] }) => own));
        for (const { image } of evaluateLifecyclePolicy(document, all, now))
          expect(children.has(image.digest)).toBe(false);
      }),
      runs,
    );
  });
});
