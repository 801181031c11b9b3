import * as z from 'zod';
import { imageEnvironment, onByDefault, optionalText, reportingOptions } from '../shared-options';

const image =
  'an environment (prod), built (the result of docker-build), a tag or digest in the repository, a reference (host/team/app:tag), or the path of an OCI layout or image archive (./image.tar)';

export const dockerDiffOptions = reportingOptions(
  'docker-diff',
  'Compares two images: packages, findings, configuration, layers and files.',
  {
    environment: imageEnvironment,
    from: optionalText(
      `Image before: ${image}. Default: the one that the environment is deployed from.`,
    ),
    to: z
      .string()
      .meta({ description: 'Image after, named like that of --from. Default: `built`.' })
      .default('built'),
    platform: optionalText(
      'Platform to compare, such as linux/arm64. Default: the first one that both images have.',
    ),
    files: onByDefault('Compare files; --no-files reads no layer. Default: on.'),
    html: optionalText(
      'File to write the comparison to as one page, relative to the workspace root. Default: none.',
    ),
  },
);

export type DockerDiffOptions = z.infer<typeof dockerDiffOptions>;
