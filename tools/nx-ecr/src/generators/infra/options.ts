import * as z from 'zod';
import { generatorMeta, optionalText, skipFormat, skipInstall } from '../shared-options';

export const infraOptions = z
  .strictObject({
    tags: optionalText('Nx tags of the project, separated by commas. Default: none.'),
    skipInstall,
    skipFormat,
  })
  .meta(
    generatorMeta({
      id: 'EcrInfra',
      title: 'infra',
      description:
        'Creates the project infra: a CDK app with a stack for each project that has an image.json, and one for the push and pull roles. Each of these projects gets the target provision.',
      examples: [
        {
          command: 'nx g @typerush/nx-ecr:infra',
          description: 'Create the CDK app in the folder infra',
        },
      ],
    }),
  );

/** What a caller passes; Nx adds the defaults. */
export type InfraOptions = z.input<typeof infraOptions>;
