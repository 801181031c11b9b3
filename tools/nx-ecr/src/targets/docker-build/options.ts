import * as z from 'zod';
import { dockerPushOptions } from '../docker-push/options';
import { dockerVerifyOptions } from '../docker-verify/options';
import {
  buildOptions,
  directMeta,
  dockerfileOption,
  flag,
  forwardedOptions,
  imageEnvironment,
  optionalText,
  resultOptions,
} from '../shared-options';

const own = {
  environment: imageEnvironment,
  ...buildOptions,
  dockerfile: dockerfileOption,
  buildTarget: optionalText(
    'Target that bundles the project; set by the plugin options. Default: `build`.',
  ),
  output: z
    .string()
    .meta({
      description:
        'Complete images to write to dist/images/<project> too: `layout` (OCI image layout in layout/), `archive` (image.tar for docker load, one for each platform), or both separated by a comma. Default: none.',
    })
    .default(''),
  load: flag('Load the image into the local Docker or Podman as <repository>:build. Default: off.'),
  dryRun: flag('Print what would be built, and build nothing. Default: off.'),
  ...resultOptions,
};

export const dockerBuildOptions = z
  .strictObject(own)
  .extend(forwardedOptions(dockerPushOptions, own))
  .extend(forwardedOptions(dockerVerifyOptions, own))
  .meta(directMeta('docker-build', 'Builds the image of a service into dist/images/<project>.'));

export type DockerBuildOptions = z.infer<typeof dockerBuildOptions>;
