import * as z from 'zod';
import { imageConfigSchema } from './image-config';
import { registryConfigSchema } from './registry-config';

/** JSON Schemas for editors, by the name of the file in `schema/`. */
export function editorSchemas(): Record<string, object> {
  return {
    'image.schema.json': editorSchema(
      'A service that ships as a container image',
      imageConfigSchema,
    ),
    'registry.schema.json': editorSchema('The registry of this workspace', registryConfigSchema),
  };
}

function editorSchema(title: string, schema: z.ZodType): object {
  return { title, ...z.toJSONSchema(schema, { io: 'input', target: 'draft-7' }) };
}
