import * as z from 'zod';
import { buildOptions, flag, imageEnvironment, reportingOptions } from '../shared-options';

export const dockerVerifyOptions = reportingOptions(
  'docker-verify',
  'Checks the content of the built image, runs it, and fails if a check fails.',
  {
    environment: imageEnvironment,
    runtime: z
      .enum(['auto', 'docker', 'podman', 'node'])
      .meta({
        description:
          'Runtime for the image. `auto` selects the first available of docker, podman and node, which runs it without its base image on the Node.js of this machine. Default: `auto`.',
      })
      .default('auto'),
    timeout: z
      .number()
      .min(1)
      .meta({
        description: 'Seconds until the service has to be alive and ready. Default: 30.',
      })
      .default(30),
    signatures: flag(
      'Also verify that a signer of registry.json has signed the image in the repository of the environment. Default: off.',
    ),
    ...buildOptions,
  },
);

export type DockerVerifyOptions = z.infer<typeof dockerVerifyOptions>;
