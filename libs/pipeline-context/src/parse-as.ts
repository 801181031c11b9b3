import { type z } from 'zod';

/** The content of a JSON text of that form; undefined if the text has another form or is not JSON. */
export function parseAs<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
