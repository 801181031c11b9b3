import { retentionProfiles } from '@typerush/image-registry';
import * as z from 'zod';

interface GeneratorMeta {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly examples: readonly { readonly command: string; readonly description: string }[];
}

/** The fields of a generator's schema.json that are not options. */
export const generatorMeta = ({ id, ...meta }: GeneratorMeta) => ({
  $schema: 'https://json-schema.org/schema',
  $id: id,
  ...meta,
});

const internalFlag = (description: string) =>
  z.boolean().meta({ description, 'x-priority': 'internal' }).default(false);

export const skipInstall = internalFlag('Do not install packages. Default: off.');

export const skipFormat = internalFlag('Do not format the files. Default: off.');

export const optionalText = (description: string) => z.string().meta({ description }).optional();

export const portOption = z.int().min(1).max(65_535);

export const retentionOption = z
  .enum(retentionProfiles)
  .meta({ description: 'Retention profile for the repository. Default: `environment`.' })
  .optional();
