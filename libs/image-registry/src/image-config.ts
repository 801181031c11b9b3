import * as z from 'zod';
import { InvalidConfigError, readConfig } from './config-file';
import { eachOnce, objectRule, perEnvironment, urlPath } from './config-rules';
import { repositoryNamePattern, repositoryNameRule } from './repository-name';
import { retentionNumbersSchema, retentionProfiles, unknownPrefixes } from './lifecycle/retention';
import { scanConfigSchema } from './scan-config';
import { unkeptTemplate } from './tag-set';
import { tagTemplatePattern, tagTemplateRule } from './tag-template';

/** The file that makes an app an image. */
export const imageFile = 'image.json';

export const platforms = ['linux/amd64', 'linux/arm64'] as const;

const portRule = 'a whole number from 1 to 65535';
const pathRule = 'an absolute path, such as "/health/live"';
const megabytesRule = 'a number of megabytes above 0';
const platformsRule = `a list of platforms (${platforms.join(', ')}), each once, at least one`;
const tagsRule = 'a list of templates of tags, each once';

const variableRule = 'the value of a variable, a text';
const nameRule = 'the name of a variable, such as "SERVICE_TOKEN"';
const readyRule = 'an absolute path, such as "/health/ready"';

/** `verify` in an app's `image.json`: how the smoke test runs the built image. */
const verifyConfigSchema = z.strictObject(
  {
    env: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, nameRule),
        z.string(variableRule),
        objectRule,
      )
      .optional()
      .describe('What the service needs in its environment to start; nothing secret'),
    ready: urlPath(readyRule)
      .optional()
      .describe(
        'The path that answers 200 once the service can serve; leave it out if readiness depends on something that is not in the image, such as a database',
      ),
  },
  objectRule,
);

const tagTemplatesSchema = z
  .array(z.string(tagTemplateRule).regex(tagTemplatePattern, tagTemplateRule), tagsRule)
  .refine(eachOnce, tagsRule)
  .meta({ uniqueItems: true });

const tagSetsSchema = perEnvironment(
  tagTemplatesSchema.min(1, `${tagsRule}, at least one`).optional(),
);

/** The content of an app's `image.json`. Messages name the valid values; {@link parseImageConfig} adds the rest. */
export const imageConfigSchema = z
  .strictObject(
    {
      $schema: z.string('the path of a JSON Schema').optional(),
      repository: z
        .string(repositoryNameRule)
        .regex(repositoryNamePattern, repositoryNameRule)
        .describe('The repository in the registry, without the namespace of registry.json'),
      retention: z
        .enum(retentionProfiles, `one of ${retentionProfiles.join(', ')}`)
        .describe('Which images the registry keeps'),
      keep: retentionNumbersSchema
        .optional()
        .describe('The numbers of the retention profile that differ for this service'),
      port: z
        .int(portRule)
        .min(1, portRule)
        .max(65535, portRule)
        .describe('The port that the service listens on in its container'),
      health: urlPath(pathRule).describe('The path that answers 200 while the service is alive'),
      budget: z
        .strictObject(
          {
            layersMb: z
              .number(megabytesRule)
              .positive(megabytesRule)
              .describe(
                'The most that the layers above the base image may take, compressed, in MB',
              ),
            publicMb: z
              .number(megabytesRule)
              .positive(megabytesRule)
              .optional()
              .describe(
                'The most that the layer of public/ may take of it, such as a web page, compressed, in MB',
              ),
          },
          objectRule,
        )
        .optional()
        .describe('The limits of the size of the image'),
      platforms: z
        .array(z.enum(platforms, `one of ${platforms.join(', ')}`), platformsRule)
        .min(1, platformsRule)
        .refine(eachOnce, platformsRule)
        .meta({ uniqueItems: true })
        .default(['linux/amd64'])
        .describe('The platforms that the image is built for'),
      tags: tagTemplatesSchema
        .optional()
        .describe('Tags of a push beyond the tag set of the retention profile'),
      tagSet: tagSetsSchema
        .optional()
        .describe(
          'The fixed tags of a push by environment, in place of those of the retention profile; the moving tag that is deployed from stays',
        ),
      scan: scanConfigSchema
        .optional()
        .describe('Which findings of a scan block the deployment of the image'),
      verify: verifyConfigSchema.optional().describe('How the smoke test runs the built image'),
    },
    objectRule,
  )
  .superRefine(({ retention, keep, tags = [], tagSet = {} }, context) => {
    const check = (templates: readonly string[], path: readonly string[]) =>
      templates.forEach((template, index) => {
        const expected = unkeptTemplate(retention, template);
        if (!expected) return;
        context.addIssue({ code: 'custom', path: [...path, index], message: expected });
      });
    check(tags, ['tags']);
    for (const [environment, templates = []] of Object.entries(tagSet)) {
      check(templates, ['tagSet', environment]);
    }
    const message = unknownPrefixes(retention, keep);
    if (message) context.addIssue({ code: 'custom', path: ['keep', 'images'], message });
  });

export type ImageConfig = z.infer<typeof imageConfigSchema>;
export type Platform = (typeof platforms)[number];

export class ImageConfigError extends InvalidConfigError {
  readonly code = 'IMAGE_CONFIG_INVALID';
}

/**
 * The content of an `image.json`.
 *
 * @param file The file's name, for messages.
 * @throws ImageConfigError that names the file, every invalid field and the valid values.
 */
export function parseImageConfig(text: string, file: string): ImageConfig {
  return readConfig(imageConfigSchema, text, file, ImageConfigError);
}
