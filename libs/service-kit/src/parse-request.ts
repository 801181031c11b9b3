import { type z } from 'zod';
import { ServiceError } from './service-error';

/**
 * Validates a body, query or parameters; the first line of a handler.
 *
 * @throws ServiceError INVALID_REQUEST with `details.issues: [{ path, message }]`
 */
export function parseRequest<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(({ path, message }) => ({
    path: path.join('.'),
    message,
  }));
  const list = issues.map(({ path, message }) => (path ? `${path}: ${message}` : message));
  throw new ServiceError('INVALID_REQUEST', `The request is not valid. ${list.join('; ')}`, {
    details: { issues },
  });
}
