import * as z from 'zod';
import { resultOptions } from '../report-result';
import {
  directOutput,
  executorMeta,
  flag,
  imageEnvironment,
  optionalText,
} from '../shared-options';

export const dockerRollbackOptions = z
  .strictObject({
    environment: imageEnvironment,
    tag: optionalText('Fixed tag of the version to return to. Default: the previous version.'),
    digest: optionalText('Digest of the version to return to, in place of a tag.'),
    profile: optionalText('AWS profile. Default: the AWS configuration.'),
    list: flag('List the versions that one can return to, and change nothing. Default: off.'),
    yes: flag('Roll back prod without a prompt. Default: off.'),
    dryRun: flag('Check everything, print what would change, and change nothing. Default: off.'),
    ...resultOptions,
  })
  .meta({
    ...executorMeta(
      'docker-rollback',
      'Returns an environment to an earlier version of the image of a service.',
    ),
    ...directOutput,
  });

export type DockerRollbackOptions = z.infer<typeof dockerRollbackOptions>;
