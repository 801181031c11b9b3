import {
  evaluateLifecyclePolicy,
  type LifecyclePolicy,
  type LifecycleReason,
  type LifecycleVerdict,
} from '@typerush/image-registry';
import { dayMs } from '../registry/lifecycle';

type Candidate = LifecycleVerdict['image'];

/** What a policy does to an image, and when. */
export interface Fate {
  readonly at: Date;
  /** Whole days from the start of the forecast. */
  readonly inDays: number;
  readonly action: 'expire' | 'transition';
  readonly rulePriority: number;
  readonly reason: LifecycleReason;
}

export const longestForecastDays = 400;

/** So many images are evaluated for each day; more of them at fewer days, so that a forecast takes about as long. */
const imagesForEachDay = 500;

/**
 * The first thing that happens to each image if the policy is applied daily and nothing is pushed or pulled. An image that
 * expires takes no place in a count any more.
 */
export function forecastLifecycle(
  policy: LifecyclePolicy,
  images: readonly Candidate[],
  from: Date,
  days: number,
): ReadonlyMap<string, Fate> {
  const fates = new Map<string, Fate>();
  const step = Math.max(1, Math.ceil(images.length / imagesForEachDay));
  let present = [...images];
  for (let inDays = 0; ; inDays = Math.min(inDays + step, days)) {
    const at = new Date(from.getTime() + inDays * dayMs);
    const verdicts = new Map(
      evaluateLifecyclePolicy(policy, present, at).map((each) => [each.image.digest, each]),
    );
    for (const [digest, { action, rulePriority, reason }] of verdicts) {
      if (fates.has(digest)) continue;
      fates.set(digest, { at, inDays, action: action.type, rulePriority, reason });
    }
    present = present.flatMap((image) => {
      const action = verdicts.get(image.digest)?.action.type;
      if (action === undefined) return image;
      return action === 'expire' ? [] : { ...image, storageClass: 'archive', transitionedAt: at };
    });
    if (inDays >= days) return fates;
  }
}
