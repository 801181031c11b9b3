import express, { type RequestHandler } from 'express';
import { ServiceError } from './service-error';

/**
 * Reads a JSON body for the handlers after it.
 *
 * @param options.limit the maximum size of a body, such as `16kb`; a larger one is PAYLOAD_TOO_LARGE
 * @throws ServiceError UNSUPPORTED_MEDIA_TYPE without a content type of JSON, also without a body
 */
export function jsonBody(options: { limit: string }): RequestHandler {
  const parse = express.json({ limit: options.limit });
  return (request, response, next) => {
    parse(request, response, (error?: unknown) => {
      // Express leaves the body undefined if the content type is not that of its parser.
      if (error !== undefined || request.body !== undefined) return next(error);
      const message = 'Send a JSON body, with the header content-type: application/json.';
      next(new ServiceError('UNSUPPORTED_MEDIA_TYPE', message));
    });
  };
}
