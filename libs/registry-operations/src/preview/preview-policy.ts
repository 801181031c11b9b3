import {
  checkLifecyclePolicy,
  evaluateLifecyclePolicy,
  type LifecyclePolicy,
  type LifecycleVerdict,
  parseLifecyclePolicy,
  type StoredImage,
} from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { type EndangeredImage } from '../in-use/endangered-images';

/** What a policy would do to images at a given time. */
export interface PolicyPreview {
  /** undefined for images from a file. */
  readonly repository?: string;
  /** How many images the policy was evaluated on. */
  readonly images: number;
  readonly at: Date;
  readonly policy: LifecyclePolicy;
  /** In the order of the rules, youngest first. */
  readonly verdicts: readonly LifecycleVerdict[];
  /** Images in use that the policy would act on; undefined if uses were not read. */
  readonly endangered?: readonly EndangeredImage[];
  /** Rules that ECR accepts and that are ineffective, and what is unusual about the images. */
  readonly warnings: readonly string[];
}

/**
 * Evaluates a policy as ECR does.
 *
 * @param policy Its text, in ECR's own form or as `aws ecr get-lifecycle-policy` prints it.
 * @param source Named in messages.
 * @throws PipelineError POLICY_REFUSED if ECR would reject the policy.
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
      `ECR would reject the lifecycle policy of ${source}:${reasons}`,
    );
  }
  return {
    images: images.length,
    at,
    policy: parsed.policy,
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
