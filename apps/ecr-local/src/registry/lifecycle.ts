import {
  evaluateLifecyclePolicy,
  type LifecyclePolicy,
  type LifecycleVerdict,
  parseLifecyclePolicy,
} from '@typerush/image-registry';
import { type Images } from './images';
import { type Registry } from './registry';
import { type Repository } from './repository';
import { imageStatus, moved } from './storage-class';

export const dayMs = 24 * 60 * 60 * 1000;

/** What a policy would do to the images of a repository now. */
export const lifecycleVerdicts = (
  images: Images,
  policy: LifecyclePolicy,
  now: Date,
): LifecycleVerdict[] => evaluateLifecyclePolicy(policy, lifecycleCandidates(images, now), now);

/** The images of a repository as a policy sees them. */
export function lifecycleCandidates(images: Images, now: Date): LifecycleVerdict['image'][] {
  return images.values().map((image) => {
    const pulledAt = images.lastPull(image.digest);
    const isArchived = imageStatus(image, now) === 'ARCHIVED';
    return {
      digest: image.digest,
      tags: image.tags,
      pushedAt: new Date(image.pushedAt),
      children: image.children,
      ...(pulledAt !== undefined && { pulledAt: new Date(pulledAt) }),
      ...(isArchived && {
        storageClass: 'archive' as const,
        transitionedAt: new Date(image.archive?.archivedAt ?? image.pushedAt),
      }),
      ...(image.subject !== undefined && { subject: image.subject }),
    };
  });
}

/** A policy of a repository, which was checked when it was put. */
export function readPolicy(text: string): LifecyclePolicy {
  const parsed = parseLifecyclePolicy(text);
  if ('policy' in parsed) return parsed.policy;
  throw new Error(`a stored lifecycle policy is not valid: ${parsed.rejections[0]?.message}`);
}

export interface LifecycleRun {
  readonly repositoryName: string;
  readonly expired: number;
  readonly archived: number;
}

/**
 * Applies the lifecycle policy of a repository; nothing if it has none. The evaluation is recorded after its effects, so that
 * one that a kill has interrupted is repeated.
 */
export async function runLifecycle(
  registry: Registry,
  { name }: Repository,
): Promise<LifecycleRun | undefined> {
  const { repositories, clock } = registry;
  const now = clock();
  const outcome = await repositories.changeImages(name, (draft, { images, lifecyclePolicy }) => {
    if (lifecyclePolicy === undefined) return undefined;
    const counts = { expired: 0, archived: 0 };
    for (const { image, action } of lifecycleVerdicts(images, readPolicy(lifecyclePolicy), now)) {
      const current = draft.get(image.digest);
      // A list that was pushed meanwhile protects its images.
      if (!current || draft.listsOf(image.digest).some((list) => draft.get(list.digest))) continue;
      if (action.type === 'expire') {
        draft.remove(image.digest);
        counts.expired += 1;
      } else {
        draft.put(moved(current, 'ARCHIVE', now));
        counts.archived += 1;
      }
    }
    return counts;
  });
  if (!outcome) return undefined;
  await repositories.update(name, (current) => ({
    ...current,
    lifecycleEvaluatedAt: now.toISOString(),
  }));
  return { repositoryName: name, ...outcome };
}

/**
 * Applies the policies that are due: a day after they were put or last applied, as ECR does within 24 hours.
 *
 * @param start counts for a policy whose date is not known, since an earlier version stored it
 */
export async function runDueLifecycles(
  registry: Registry,
  start: Date,
): Promise<readonly LifecycleRun[]> {
  const now = registry.clock().getTime();
  const runs: LifecycleRun[] = [];
  for (const repository of registry.repositories.list()) {
    const { lifecyclePolicy, lifecycleEvaluatedAt, lifecycleSetAt } = repository;
    if (lifecyclePolicy === undefined) continue;
    const last = lifecycleEvaluatedAt ?? lifecycleSetAt ?? start.toISOString();
    if (now < Date.parse(last) + dayMs) continue;
    const run = await runLifecycle(registry, repository);
    if (run) runs.push(run);
  }
  return runs;
}
