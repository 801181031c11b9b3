import * as z from 'zod';
import { resultOptions } from '../report-result';
import {
  directOutput,
  executorMeta,
  imageEnvironment,
  thresholdOption,
  timeoutOption,
} from '../shared-options';

export const dockerScanOptions = z
  .strictObject({
    environment: imageEnvironment,
    threshold: thresholdOption,
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
