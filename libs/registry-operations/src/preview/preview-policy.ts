import {
  checkLifecyclePolicy,
  evaluateLifecyclePolicy,
  type LifecycleVerdict,
  parseLifecyclePolicy,
  type StoredImage,
} from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

/** What a policy would do to images at a moment. */
export interface PolicyPreview {
  /** Where there is one: the files of an offline preview name none. */
  readonly repository?: string;
  /** How many images were judged. */
  readonly images: number;
  readonly at: Date;
  /** In the order of the rules, youngest first. */
  readonly verdicts: readonly LifecycleVerdict[];
  /** What ECR takes, and what does not do what it says. */
  readonly warnings: readonly string[];
}

/**
 * What ECR would do by a policy.
 *
 * @param policy Its text, in ECR's own form or as `aws ecr get-lifecycle-policy` prints it.
 * @param source Named in messages.
 * @throws PipelineError POLICY_REFUSED for what ECR would not take.
 */
export function previewPolicy(
  policy: string,
  source: string,
  images: readonly StoredImage[],
  at: Date,
): PolicyPreview {
  const text = policyText(policy);
  const parsed = parseLifecyclePolicy(text);
  if ('rejections' in parsed) {
    const reasons = parsed.rejections.map(({ message }) => `\n  - ${message}`).join('');
    throw new PipelineError(
      'POLICY_REFUSED',
      `ECR would refuse the policy of ${source}:${reasons}`,
    );
  }
  return {
    images: images.length,
    at,
    verdicts: evaluateLifecyclePolicy(parsed.policy, images, at),
    warnings: checkLifecyclePolicy(text).map(({ message }) => `${source}: ${message}`),
  };
}

function policyText(policy: string): string {
  try {
    const document = JSON.parse(policy) as { lifecyclePolicyText?: unknown } | null;
    const text = document?.lifecyclePolicyText;
    return typeof text === 'string' ? text : policy;
  } catch {
    return policy;
  }
}
