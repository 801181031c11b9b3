import * as z from 'zod';
import { flag, imageEnvironment, reportingOptions } from '../shared-options';

const digestRule = 'Expected a digest, such as sha256:0123...';

export const dockerDeployOptions = reportingOptions(
  'docker-deploy',
  'Deploys an image by digest to the service on Amazon ECS, waits until it is healthy, and rolls back if it does not become so.',
  {
    environment: imageEnvironment,
    digest: z
      .string()
      .regex(/^sha256:[0-9a-f]{64}$/, digestRule)
      .meta({
        description:
          'Digest of the image to deploy. Default: the image that the moving tag of the environment points to.',
      })
      .optional(),
    timeout: z
      .int()
      .min(1)
      .max(3600)
      .meta({
        description:
          'Seconds to wait until the service is healthy, and again for a rollback. Default: 900.',
      })
      .default(900),
    dryRun: flag('Show what would be deployed, without changes. Default: off.'),
  },
);

export type DockerDeployOptions = z.infer<typeof dockerDeployOptions>;
