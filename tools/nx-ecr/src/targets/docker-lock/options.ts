import { type z } from 'zod';
import { dockerfileOption, flag, reportingOptions } from '../shared-options';

export const dockerLockOptions = reportingOptions(
  'docker-lock',
  'Pins the base images of the Dockerfile by digest.',
  {
    dockerfile: dockerfileOption,
    dryRun: flag('Print what would change, and write nothing. Default: off.'),
  },
);

export type DockerLockOptions = z.infer<typeof dockerLockOptions>;
