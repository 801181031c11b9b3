import { environments, findingSeverities } from '@typerush/image-registry';
import * as z from 'zod';
import { flag, optionalText, reportingOptions, timeoutOption } from '../shared-options';

const environment = (description: string) => z.enum(environments).meta({ description });

export const dockerPromoteOptions = reportingOptions(
  'docker-promote',
  'Gives an image of one environment the tags of another one, with all that is attached to it.',
  {
    from: environment('Environment that has the image. Required.'),
    to: environment('Environment that gets the image. Required.'),
    digest: optionalText('Digest of the image. Default: the image that `--from` is deployed from.'),
    tag: optionalText('Tag of the image in the repository of `--from`, in place of its digest.'),
    fromProfile: optionalText('AWS profile for `--from`. Default: the AWS configuration.'),
    toProfile: optionalText('AWS profile for `--to`. Default: the AWS configuration.'),
    threshold: z
      .enum(findingSeverities)
      .meta({
        description:
          'Minimum severity of a finding that refuses the image. Default: scan.threshold of image.json, else CRITICAL.',
      })
      .optional(),
    timeout: timeoutOption,
    yes: flag('Promote to prod without a prompt. Default: off.'),
    dryRun: flag('Check everything, print what would change, and change nothing. Default: off.'),
  },
);

export type DockerPromoteOptions = z.infer<typeof dockerPromoteOptions>;
