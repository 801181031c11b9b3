import { type LifecycleIssue } from './issue';
import { parseLifecyclePolicy } from './rejections';
import { movingTags } from './retention';
import { findIneffectiveRules } from './ineffective-rules';

export interface LifecycleCheckOptions {
  /**
   * Tags that move from image to image, and whose image must never expire.
   *
   * @default latest, prod, staging
   */
  readonly movingTags?: readonly string[];
}

/**
 * All problems of a lifecycle policy: what ECR rejects or, if ECR accepts it, the ineffective rules and those that could
 * expire a deployed image. `parseLifecyclePolicy` reports only the rejections.
 *
 * @param policy The document, or its text as ECR would get it.
 */
export function checkLifecyclePolicy(
  policy: unknown,
  options: LifecycleCheckOptions = {},
): LifecycleIssue[] {
  const parsed = parseLifecyclePolicy(policy);
  if ('rejections' in parsed) return [...parsed.rejections];
  return findIneffectiveRules(parsed.policy, options.movingTags ?? movingTags.environment);
}
