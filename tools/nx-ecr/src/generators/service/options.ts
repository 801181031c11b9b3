import * as z from 'zod';
import {
  generatorMeta,
  optionalText,
  portOption,
  retentionOption,
  skipFormat,
  skipInstall,
} from '../shared-options';

const frameworkLabels = {
  express: 'Express',
  nest: 'NestJS',
  worker: 'A worker that processes jobs from a queue',
} as const;

export const frameworks = [
  'express',
  'nest',
  'worker',
] as const satisfies (keyof typeof frameworkLabels)[];

export type Framework = (typeof frameworks)[number];

export const serviceOptions = z
  .strictObject({
    name: z.string().meta({
      description: 'Name of the service, its package and its repository. Required.',
      $default: { $source: 'argv', index: 0 },
      'x-prompt': 'What is the name of the service?',
      'x-priority': 'important',
    }),
    framework: z.enum(frameworks).meta({
      description:
        'Framework: Express, NestJS, or none for a worker that processes jobs from a queue. Required.',
      'x-prompt': {
        message: 'Which framework should it use?',
        type: 'list',
        items: frameworks.map((value) => ({ value, label: frameworkLabels[value] })),
      },
      'x-priority': 'important',
    }),
    websocket: z
      .boolean()
      .meta({ description: 'Add sockets with Socket.IO; requires express. Default: off.' })
      .default(false),
    directory: optionalText(
      'Folder of the project. Default: a folder with the name of the service, beside the other images of the workspace.',
    ),
    port: portOption
      .meta({
        description:
          'Port that the service listens on. Default: the first from 3000 that no other image uses.',
      })
      .optional(),
    retention: retentionOption,
    tags: optionalText(
      'Nx tags of the project, separated by commas. Default: the tags that all images of the workspace share.',
    ),
    skipInstall,
    skipFormat,
  })
  .meta(
    generatorMeta({
      id: 'EcrService',
      title: 'service',
      description:
        'Creates a service with an image: source code, configuration, health checks, graceful shutdown, structured logs, tests, README and image.json. The generated code does not depend on the plugin.',
      examples: [
        {
          command: 'nx g @typerush/nx-ecr:service api --framework=nest',
          description: 'Create an HTTP service with NestJS in apps/api',
        },
        {
          command: 'nx g @typerush/nx-ecr:service realtime --framework=express --websocket',
          description: 'Create an HTTP service with Express and Socket.IO',
        },
        {
          command: 'nx g @typerush/nx-ecr:service workers --framework=worker',
          description: 'Create a worker that processes jobs from a queue',
        },
      ],
    }),
  );

/** What a caller passes; Nx adds the defaults. */
export type ServiceOptions = z.input<typeof serviceOptions>;
