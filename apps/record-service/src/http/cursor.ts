import { ServiceError } from '@typerush/service-kit';
import { type z } from 'zod';

/** A position in a list as text for a URL. */
export function cursorOf(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/** @throws ServiceError INVALID_REQUEST for a text that `cursorOf` did not make from such a position */
export function readCursor<T>(schema: z.ZodType<T>, cursor: string): T {
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch (cause) {
    const message =
      'cursor: is not one of this list. Begin without it, then send the "next" of each page.';
    throw new ServiceError('INVALID_REQUEST', message, { cause });
  }
}
