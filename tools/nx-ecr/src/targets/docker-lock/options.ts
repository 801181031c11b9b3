import * as z from 'zod';
import { resultOptions } from '../report-result';
import { directOutput, dockerfileOption, executorMeta, flag } from '../shared-options';

export const dockerLockOptions = z
  .strictObject({
    dockerfile: dockerfileOption,
    dryRun: flag('Print what would change, and write nothing. Default: off.'),
    ...resultOptions,
  })
  .meta({
    ...executorMeta('docker-lock', 'Pins the base images of the Dockerfile by digest.'),
    ...directOutput,
  });

export type DockerLockOptions = z.infer<typeof dockerLockOptions>;
