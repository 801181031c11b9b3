import * as z from 'zod';
import { InvalidConfigError, readConfig } from './config-file';
import { eachOnce, objectRule } from './config-rules';
import { baseMirrorsSchema, destinationsSchema, insecureRegistriesSchema } from './destination';
import { gatesSchema } from './gates';
import { lifecyclePolicySchema } from './lifecycle/policy';
import { retentionNumbersSchema, retentionProfiles, unknownPrefixes } from './lifecycle/retention';
import { signersSchema } from './signers';
import { namings, repositoryNamePattern, repositoryNameRule } from './repository-name';

/** The workspace's file that names its registry. */
export const registryFile = 'registry.json';

const servicesRule = 'a list of names of services, each once, at least one';
const retentionRule = `one of ${retentionProfiles.join(', ')}, or a lifecycle policy {"rules": [...]}`;

const namingFields = {
  namespace: z
    .string(repositoryNameRule)
    .regex(repositoryNamePattern, repositoryNameRule)
    .describe('What the name of every repository starts with'),
  naming: z
    .enum(namings, `one of ${namings.join(', ')}`)
    .describe('shared: namespace/service; per-environment: namespace-environment/service'),
};

/** Services of another workspace, whose repositories this one creates. */
const systemSchema = z
  .strictObject(
    {
      ...namingFields,
      retention: z
        .union([z.enum(retentionProfiles), lifecyclePolicySchema], retentionRule)
        .describe('Which images the registry keeps: a profile, or a lifecycle policy of ECR'),
      keep: retentionNumbersSchema
        .optional()
        .describe('The numbers of the retention profile that differ for these services'),
      services: z
        .array(z.string(servicesRule).regex(repositoryNamePattern, servicesRule), servicesRule)
        .min(1, servicesRule)
        .refine(eachOnce, servicesRule)
        .meta({ uniqueItems: true })
        .describe('The services, each named like its repository without the namespace'),
    },
    objectRule,
  )
  .superRefine(({ retention, keep }, context) => {
    const message =
      typeof retention === 'string'
        ? unknownPrefixes(retention, keep)
        : keep && 'left out: the lifecycle policy has its own numbers';
    if (message) context.addIssue({ code: 'custom', path: ['keep'], message });
  });

const advisoriesRule = '"npm", or the path of a folder or archive';

/** The content of the workspace's `registry.json`. */
export const registryConfigSchema = z.strictObject(
  {
    $schema: z.string('the path of a JSON Schema').optional(),
    ...namingFields,
    systems: z
      .array(systemSchema, 'a list of systems')
      .optional()
      .describe('Services of other workspaces whose repositories are created here'),
    destinations: destinationsSchema
      .optional()
      .describe(
        "The registries that an environment's images are pushed to. Default: the ECR of the AWS configuration",
      ),
    gates: gatesSchema
      .optional()
      .describe(
        'What an image has to pass: `audit` before it is uploaded, `scan` before moving tags point to it: {"prod": ["audit", "scan"]}. Default: nothing',
      ),
    advisories: z
      .string(advisoriesRule)
      .trim()
      .min(1, advisoriesRule)
      .optional()
      .describe(
        'What docker-audit and the gate `audit` compare packages with: "npm" for the advisory endpoint of the npm registry, or a folder or archive of OSV advisories, relative to the workspace root. Default: npm',
      ),
    baseMirrors: baseMirrorsSchema
      .optional()
      .describe(
        'Where base images come from in an environment, such as a pull-through cache: {"prod": {"public.ecr.aws": "123456789012.dkr.ecr.ap-southeast-1.amazonaws.com/prod-public"}}',
      ),
    signers: signersSchema
      .optional()
      .describe(
        'Who has to sign the images of an environment: {"prod": [{"key": "keys/release.pub"}]}. Default: no signature is required',
      ),
    insecureRegistries: insecureRegistriesSchema
      .optional()
      .describe(
        'Hosts of registries that are reached by plain HTTP, for images and base images. Default: only those of this machine',
      ),
  },
  objectRule,
);

export type RegistryConfig = z.infer<typeof registryConfigSchema>;

/** A system of `registry.json`: services of another workspace. */
export type ExternalSystem = NonNullable<RegistryConfig['systems']>[number];

export class RegistryConfigError extends InvalidConfigError {
  readonly code = 'REGISTRY_CONFIG_INVALID';
}

/**
 * The content of `registry.json`.
 *
 * @param file The file's name, for messages.
 * @throws RegistryConfigError that names the file, every invalid field and the valid values.
 */
export function parseRegistryConfig(text: string, file: string = registryFile): RegistryConfig {
  return readConfig(registryConfigSchema, text, file, RegistryConfigError);
}
