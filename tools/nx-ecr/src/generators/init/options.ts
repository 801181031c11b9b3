import * as z from 'zod';
import { generatorMeta, optionalText, skipFormat } from '../shared-options';

export const initOptions = z
  .strictObject({
    namespace: optionalText(
      'Prefix of all repository names. Default: the package scope of the workspace, else its name.',
    ),
    buildTargetName: optionalText('Name of the target that bundles a service. Default: `build`.'),
    skipFormat,
  })
  .meta(
    generatorMeta({
      id: 'InitEcr',
      title: 'init',
      description:
        'Sets up a workspace for images: registers the plugin in nx.json, and adds registry.json, the Dockerfile and .dockerignore if they do not exist.',
      examples: [
        {
          command: 'nx g @typerush/nx-ecr:init --namespace=acme',
          description: 'Name the repositories acme/<service>',
        },
      ],
    }),
  );

/** What a caller passes; Nx adds the defaults. */
export type InitOptions = z.input<typeof initOptions>;
