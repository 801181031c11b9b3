import { type z } from 'zod';
import {
  buildOptions,
  dockerfileOption,
  flag,
  imageEnvironment,
  onByDefault,
  reportingOptions,
  textList,
  timeoutOption,
} from '../shared-options';

export const dockerPushOptions = reportingOptions(
  'docker-push',
  'Tags the image of a service and pushes it to its repository.',
  {
    environment: imageEnvironment,
    ...buildOptions,
    dockerfile: dockerfileOption,
    tag: textList(
      'Additional image tag, as a template such as v{version} or {branch}; may be repeated. Default: none.',
    ),
    region: textList(
      'AWS regions whose ECR to push to, separated by commas. Default: the destinations in registry.json.',
    ),
    registry: textList(
      'Other registries to push to, for example ghcr.io/team, separated by commas. Default: the destinations in registry.json.',
    ),
    attest: onByDefault(
      'Attach SBOM, provenance and, with IMAGE_SIGNING_KEY, a signature; --no-attest disables this. Default: on.',
    ),
    movingTags: onByDefault(
      'Point moving tags such as `prod` to the image after the gates; --no-movingTags leaves that to docker-promote. Default: on.',
    ),
    provision: flag(
      'Run the target provision of the project if its repository does not exist, then push. Default: off.',
    ),
    timeout: timeoutOption,
    dryRun: flag('Print what would be pushed, and push nothing. Default: off.'),
  },
);

export type DockerPushOptions = z.infer<typeof dockerPushOptions>;
