import fc from 'fast-check';
import { type LifecyclePolicy, type LifecycleRule, type StoredImage } from '../src/index';
import { archive, daysAgo, image, olderThan, rule, tagged } from './lifecycle-documents';

type Selection = Partial<LifecycleRule['selection']>;
type Part = { selection: Selection; action?: LifecycleRule['action'] };

const smallCount = fc.integer({ min: 1, max: 4 });
const limit: fc.Arbitrary<Part> = fc.oneof(
  smallCount.map((countNumber) => ({ selection: { countNumber } })),
  fc.constant({ selection: { countNumber: 9999 } }),
  fc.integer({ min: 1, max: 40 }).map((days) => ({ selection: olderThan(days) })),
  fc
    .integer({ min: 1, max: 40 })
    .map((days) => ({ selection: olderThan(days, 'sinceImagePulled'), action: archive })),
  fc.integer({ min: 90, max: 120 }).map((days) => ({
    selection: { storageClass: 'archive', ...olderThan(days, 'sinceImageTransitioned') } as const,
  })),
);

/** Policies that ECR takes: rules for lists of these patterns, then one for untagged images, then one for any. */
export function policies(pattern: fc.Arbitrary<string>): fc.Arbitrary<LifecyclePolicy> {
  const lists = fc.uniqueArray(pattern, { minLength: 1, maxLength: 2 });
  const standard = limit.filter(({ selection }) => selection.storageClass === undefined);
  const rules = fc.tuple(
    fc.array(
      fc.tuple(lists, limit).map(([patterns, part]) => withStatus(part, tagged(...patterns))),
      { minLength: 1, maxLength: 5 },
    ),
    fc.option(standard.map((part) => withStatus(part, { tagStatus: 'untagged' }))),
    fc.nat(5),
    fc.option(standard.map((part) => withStatus(part, { tagStatus: 'any' }))),
  );
  return rules.map(([lists, untagged, at, any]) => {
    const parts = lists.toSpliced(at, 0, ...(untagged ? [untagged] : []));
    return { rules: [...parts, ...(any ? [any] : [])].map(numbered) };
  });
}

const withStatus = ({ selection, action }: Part, status: Selection): Part => ({
  selection: { ...selection, ...status },
  action,
});
const numbered = ({ selection, action }: Part, index: number) => rule(index + 1, selection, action);

/** Images of a repository, where each of the tags is on one of them or on none. */
export function repositories(tags: readonly string[]): fc.Arbitrary<StoredImage[]> {
  const age = fc.integer({ min: 0, max: 130 });
  const made = fc.record({
    days: age,
    pulled: fc.option(age),
    archived: fc.option(age, { freq: 4 }),
    child: fc.option(fc.nat(), { freq: 6 }),
    subject: fc.option(fc.nat(), { freq: 6 }),
  });
  return fc
    .tuple(
      fc.array(made, { minLength: 1, maxLength: 14 }),
      fc.array(fc.nat(), { minLength: tags.length, maxLength: tags.length }),
    )
    .map(([all, owners]) =>
      all.map(({ days, pulled, archived, child, subject }, n) => {
        const older = (other: number | null) =>
          other === null || n === 0 ? [] : [`image-${other % n}`];
        // What refers to another image has no moving tag of its own.
        const own =
          subject === null ? tags.filter((_, t) => (owners[t] ?? 0) % (all.length + 3) === n) : [];
        return image(own, days, {
          digest: `image-${n}`,
          ...(pulled !== null && { pulledAt: daysAgo(pulled) }),
          ...(archived !== null && { storageClass: 'archive', transitionedAt: daysAgo(archived) }),
          children: older(child),
          subject: older(subject)[0],
        });
      }),
    );
}
