import { type z } from 'zod';
import { flag, imageEnvironment, optionalText, reportingOptions } from '../shared-options';

export const dockerRollbackOptions = reportingOptions(
  'docker-rollback',
  'Returns an environment to an earlier version of the image of a service.',
  {
    environment: imageEnvironment,
    tag: optionalText('Fixed tag of the version to return to. Default: the previous version.'),
    digest: optionalText('Digest of the version to return to, in place of a tag.'),
    profile: optionalText('AWS profile. Default: the AWS configuration.'),
    list: flag('List the versions that one can return to, and change nothing. Default: off.'),
    yes: flag('Roll back prod without a prompt. Default: off.'),
    dryRun: flag('Check everything, print what would change, and change nothing. Default: off.'),
  },
);

export type DockerRollbackOptions = z.infer<typeof dockerRollbackOptions>;
