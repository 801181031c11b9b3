import { type LifecycleIssue } from './issue';
import { parseLifecyclePolicy } from './rejections';
import { movingTags } from './retention';
import { findIneffectiveRules } from './ineffective-rules';

export interface LifecycleCheckOptions {
  /**
   * Tags that move from image to image, and whose image must never go.
   *
   * @default latest, prod, staging
   */
  readonly movingTags?: readonly string[];
}

/**
 * Everything that is wrong with a lifecycle policy: what ECR refuses in it and, where that is nothing, the traps in which
 * ECR takes it and it does not do what it says, or could expire what is deployed. `parseLifecyclePolicy` stops at the first.
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
