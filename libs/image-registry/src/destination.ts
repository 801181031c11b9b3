import * as z from 'zod';
import { eachOnce, perEnvironment } from './config-rules';

const regionRule = 'a region of AWS, such as "ap-southeast-1"';
const registryRule =
  'the address of a registry with the folder of its repositories, such as "ghcr.io/typerush"';
const destinationRule = 'either { "region": … } or { "registry": … }';
const listRule = 'a list of destinations, each once, at least one';

/** The host has a dot or a port, or is localhost: without, "typerush/api" would read as a repository of Docker Hub. */
const registryHost = String.raw`(?:localhost|\[[0-9a-f:]+\]|[a-z0-9-]+(?:\.[a-z0-9-]+)+|[a-z0-9-]+(?=:))(?::\d{1,5})?`;

const registryPattern = new RegExp(
  String.raw`^${registryHost}(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$`,
);

const hostRule = 'the host of a registry with its port, such as "registry.example:5000"';
const hostsRule = 'a list of hosts of registries, each once';

/** Registries that are reached without TLS: content and passwords can be read and changed on the way. */
export const insecureRegistriesSchema = z
  .array(z.string(hostRule).regex(new RegExp(`^${registryHost}$`), hostRule), hostsRule)
  .refine(eachOnce, hostsRule)
  .meta({ uniqueItems: true });

export const destinationSchema = z
  .strictObject(
    {
      region: z
        .string(regionRule)
        .regex(/^[a-z]{2,}(-[a-z]+)+-\d$/, regionRule)
        .optional()
        .describe('ECR in this region, with the same credentials'),
      registry: z
        .string(registryRule)
        .regex(registryPattern, registryRule)
        .optional()
        .describe('Another registry; its credentials are those of docker login'),
    },
    destinationRule,
  )
  .refine(({ region, registry }) => (region === undefined) !== (registry === undefined), {
    error: destinationRule,
  });

/** A registry that images are pushed to: ECR in a region, or any other. */
export type Destination = z.infer<typeof destinationSchema>;

const destinations = z
  .array(destinationSchema, listRule)
  .min(1, listRule)
  .refine(eachOnce, listRule)
  .optional();

const mirrorRule =
  'an object of addresses by the host of a registry, such as {"public.ecr.aws": "…"}';

/** Where base images come from instead of their registry: its host, and the address that replaces it in references. */
const mirrors = z
  .record(
    z
      .string()
      .regex(/^[a-z0-9.-]+(?::\d{1,5})?$/, 'the host of a registry, such as "public.ecr.aws"'),
    z.string(registryRule).regex(registryPattern, registryRule),
    mirrorRule,
  )
  .optional();

export const baseMirrorsSchema = perEnvironment(mirrors);

export const destinationsSchema = perEnvironment(destinations);
