import { environments, findingSeverities } from '@typerush/image-registry';
import * as z from 'zod';

/** The fields of an executor's schema.json that are not options. */
export const executorMeta = (target: string, description: string) => ({
  $schema: 'https://json-schema.org/schema',
  version: 2,
  title: target,
  description,
});

/** The same for an executor that prints its result to standard output: Nx passes it through as it is. */
export const directMeta = (target: string, description: string) => ({
  ...executorMeta(target, description),
  outputCapture: 'direct-nodejs',
});

const environment = (description: string) =>
  z.enum(environments).meta({ description }).default('dev');

/** The environment of a target that works on one image. */
export const imageEnvironment = environment(
  'Environment that the image is for; set by the configuration. Default: `dev`.',
);

/** The environment of a target that works on a registry. */
export const registryEnvironment = environment(
  'Environment of the registry; set by the configuration. `local` uses ecr-local, others use the AWS variables. Default: `dev`.',
);

/** Options of docker-build that other targets accept too, and forward to it. */
export const buildOptions = {
  engine: z
    .enum(['auto', 'oci', 'docker', 'podman'])
    .meta({
      description:
        'Engine that builds the image. `auto` selects oci if the final stage of the Dockerfile runs no command, else docker, else podman. Default: `auto`.',
    })
    .default('auto'),
  base: z
    .enum(['auto', 'registry', 'stand-in'])
    .meta({
      description:
        'Base image: `registry` is the one that the Dockerfile names, `stand-in` is created from the Node.js of this machine, `auto` selects stand-in if the registry is unreachable (never for prod). Default: `auto`.',
    })
    .default('auto'),
};

export const dockerfileOption = z
  .string()
  .meta({
    description:
      'Dockerfile, relative to the workspace root; set by the plugin options. Default: `docker/service.Dockerfile`.',
  })
  .default('docker/service.Dockerfile');

/** Of a target that fails at findings. */
export const thresholdOption = z
  .enum(findingSeverities)
  .meta({
    description:
      'Minimum severity of a finding that fails the target. Default: scan.threshold of image.json, else CRITICAL.',
  })
  .optional();

/** Of a target that waits for the scan of a registry. */
export const timeoutOption = z
  .number()
  .min(0)
  .meta({ description: 'Seconds to wait for the scan. Default: 300.' })
  .default(300);

/** An option that is off by default. */
export const flag = (description: string) => z.boolean().meta({ description }).default(false);

/** An option that is on by default. */
export const onByDefault = (description: string) => z.boolean().meta({ description }).default(true);

export const optionalText = (description: string) => z.string().meta({ description }).optional();

/** Options of every target that reports a result. */
export const resultOptions = {
  json: flag('Print the result as JSON on standard output. Nx prints its own lines around it.'),
  outputFile: optionalText(
    'File to write the result to as JSON, relative to the workspace root. Default: none.',
  ),
};

export type ResultOptions = z.infer<z.ZodObject<typeof resultOptions>>;

/** The options of a target that reports a result. */
export const reportingOptions = <Own extends z.ZodRawShape>(
  target: string,
  description: string,
  own: Own,
) => z.strictObject({ ...own, ...resultOptions }).meta(directMeta(target, description));

/** An option that may be repeated. */
export const textList = (description: string) =>
  z
    .xor([z.string(), z.array(z.string())], {
      error: 'Invalid input: expected a string or a list of strings',
    })
    .meta({ description })
    .default([]);

/**
 * Options of a target that depends on another with `params: 'forward'`. Nx passes all of them on, so the other target has to
 * accept those that it does not have itself. It ignores them: they have no default there, and its help hides them.
 */
export function forwardedOptions(
  schema: z.ZodObject,
  own: Readonly<Record<string, unknown>>,
): Record<never, z.ZodType> {
  const owner = schema.meta()?.title ?? '';
  const foreign = Object.entries(schema.shape).filter(([name]) => !(name in own));
  return Object.fromEntries(
    foreign.map(([name, option]) => [name, withoutDefault(option).meta(hidden(owner))]),
  );
}

const hidden = (owner: string) => ({
  description: `Option of ${owner}, ignored by this target.`,
  visible: false,
});

const withoutDefault = (option: z.core.$ZodType): z.ZodType =>
  option instanceof z.ZodDefault
    ? withoutDefault(option.unwrap())
    : z.optional(option as z.ZodType);
