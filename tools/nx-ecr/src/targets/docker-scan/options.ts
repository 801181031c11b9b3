import { findingSeverities } from '@typerush/image-registry';
import * as z from 'zod';
import { resultOptions } from '../report-result';
import { directOutput, executorMeta, imageEnvironment, timeoutOption } from '../shared-options';

export const dockerScanOptions = z
  .strictObject({
    environment: imageEnvironment,
    threshold: z
      .enum(findingSeverities)
      .meta({
        description:
          'Minimum severity of a finding that fails the target. Default: scan.threshold of image.json, else CRITICAL.',
      })
      .optional(),
    timeout: timeoutOption,
    ...resultOptions,
  })
  .meta({
    ...executorMeta(
      'docker-scan',
      'Waits for the registry to scan the pushed image, and fails if a finding has the threshold severity or higher.',
    ),
    ...directOutput,
  });

export type DockerScanOptions = z.infer<typeof dockerScanOptions>;
