import {
  GetLifecyclePolicyPreviewCommand,
  StartLifecyclePolicyPreviewCommand,
} from '@aws-sdk/client-ecr';
import { setTimeout as sleep } from 'node:timers/promises';
import { BenchError } from '../ship/bench-error';
import { type MeasuredEcrLocal } from './servers';

export interface PreviewResult {
  readonly images: number;
  readonly expiring: number;
  /** From the request that starts it until its complete result, in seconds. */
  readonly wall: number;
}

/**
 * A preview that keeps the last ten images and expires the others, as `aws ecr` does it: start, then poll.
 *
 * @throws BenchError `RESPONSE_WRONG` if other images expire
 */
export async function measurePreview(
  { ecr }: MeasuredEcrLocal,
  repositoryName: string,
  images: number,
): Promise<PreviewResult> {
  const lifecyclePolicyText = JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: 'Keep the last ten images',
        selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 },
        action: { type: 'expire' },
      },
    ],
  });
  const start = performance.now();
  await ecr.send(new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText }));
  for (;;) {
    const { status, summary } = await ecr.send(
      new GetLifecyclePolicyPreviewCommand({ repositoryName }),
    );
    if (status === 'IN_PROGRESS') {
      await sleep(5);
      continue;
    }
    const wall = (performance.now() - start) / 1_000;
    const expiring = summary?.expiringImageTotalCount ?? 0;
    if (status === 'COMPLETE' && expiring === images - 10) return { images, expiring, wall };
    throw new BenchError('RESPONSE_WRONG', `The preview is ${status}: ${expiring} images expire.`);
  }
}
