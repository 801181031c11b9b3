import { z } from 'zod';
import { describeProblems, type FieldProblem, readConfig } from './config-file';
import { destinationsSchema } from './destination';
import { ImageRegistryError } from './errors';
import { namings, repositoryNamePattern, repositoryNameRule } from './repository-name';

/** The workspace's file that names its registry. */
export const registryFile = 'registry.json';

const objectRule = 'a JSON object';

/** The content of the workspace's `registry.json`. */
export const registryConfigSchema = z.strictObject(
  {
    $schema: z.string('the path of a JSON Schema').optional(),
    namespace: z
      .string(repositoryNameRule)
      .regex(repositoryNamePattern, repositoryNameRule)
      .describe('What the name of every repository starts with'),
    naming: z
      .enum(namings, `one of ${namings.join(', ')}`)
      .describe('shared: namespace/service; per-environment: namespace-environment/service'),
    destinations: destinationsSchema
      .optional()
      .describe(
        "The registries that an environment's images are pushed to. Default: the ECR of the AWS configuration",
      ),
  },
  objectRule,
);

export type RegistryConfig = z.infer<typeof registryConfigSchema>;

export class RegistryConfigError extends ImageRegistryError {
  readonly code = 'REGISTRY_CONFIG_INVALID';
  constructor(
    readonly file: string,
    readonly problems: readonly FieldProblem[],
    options?: ErrorOptions,
  ) {
    super(describeProblems(file, problems), options);
  }
}

/**
 * The content of `registry.json`.
 *
 * @param file The file's name, for messages.
 * @throws RegistryConfigError that names the file, every invalid field and the valid values.
 */
export function parseRegistryConfig(text: string, file: string = registryFile): RegistryConfig {
  const reading = readConfig(registryConfigSchema, text);
  if ('value' in reading) return reading.value;
  throw new RegistryConfigError(file, reading.problems, { cause: reading.cause });
}
