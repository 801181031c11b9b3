import { type z } from 'zod';
import {
  imageEnvironment,
  reportingOptions,
  thresholdOption,
  timeoutOption,
} from '../shared-options';

export const dockerScanOptions = reportingOptions(
  'docker-scan',
  'Waits for the registry to scan the pushed image, and fails if a finding has the threshold severity or higher.',
  {
    environment: imageEnvironment,
    threshold: thresholdOption,
    timeout: timeoutOption,
  },
);

export type DockerScanOptions = z.infer<typeof dockerScanOptions>;
