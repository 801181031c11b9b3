import * as z from 'zod';
import {
  generatorMeta,
  optionalText,
  portOption,
  retentionOption,
  skipFormat,
} from '../shared-options';

export const imageOptions = z
  .strictObject({
    project: z.string().meta({
      description: 'Name of the app. Required.',
      $default: { $source: 'argv', index: 0 },
      'x-prompt': 'Which app should get an image?',
      'x-dropdown': 'projects',
      'x-priority': 'important',
    }),
    port: portOption
      .meta({
        description:
          'Port that the app listens on in its container. Default: the port found in its sources, else one that no other image uses.',
        'x-priority': 'important',
      })
      .optional(),
    health: z
      .string()
      .regex(/^\/[^\s?#]*$/)
      .meta({
        description:
          'Path that responds with 200 while the app is alive. Default: the path found in its sources, else `/`.',
        'x-priority': 'important',
      })
      .optional(),
    retention: retentionOption,
    repository: optionalText(
      'Name of the repository, without the namespace of registry.json. Default: the name of the project.',
    ),
    main: optionalText(
      'Entry file of the app. Default: the first that exists of src/main.ts, src/server.ts, ...',
    ),
    buildTargetName: optionalText(
      'Name of the target that bundles the app for its image. Default: `build`, or `bundle` if the app has a `build` target of its own.',
    ),
    skipFormat,
  })
  .meta(
    generatorMeta({
      id: 'EcrImage',
      title: 'image',
      description:
        'Adds an image to an app: image.json, and what the workspace lacks of the plugin in nx.json, registry.json, the Dockerfile and .dockerignore. Existing files are not changed.',
      examples: [
        {
          command: 'nx g @typerush/nx-ecr:image api',
          description: 'Find port, health path and main file in the sources of the app',
        },
        {
          command: 'nx g @typerush/nx-ecr:image api --port=8080 --health=/healthz',
          description: 'Set port and health path',
        },
      ],
    }),
  );

/** What a caller passes; Nx adds the defaults. */
export type ImageOptions = z.input<typeof imageOptions>;
