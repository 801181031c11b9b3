import { randomUUID } from 'node:crypto';
import { type RequestHandler } from 'express';
import { type Logger } from './logger';
import { requestContext } from './request-context';

const acceptableId = /^[\w.-]{1,64}$/;

/**
 * Sets the id of the request (a valid `x-request-id` of the client, or a new one) in the response and in `requestContext`,
 * and logs one line at the end, without the query, which may contain a token.
 */
export function requestLogging(options: { logger: Logger }): RequestHandler {
  return (request, response, next) => {
    const given = request.get('x-request-id') ?? '';
    const requestId = acceptableId.test(given) ? given : randomUUID();
    const startedAt = performance.now();
    const path = request.originalUrl.split('?', 1)[0];
    response.setHeader('x-request-id', requestId);
    response.once('close', () => {
      const fields = {
        requestId,
        method: request.method,
        path,
        status: response.statusCode,
        durationMs: Math.round((performance.now() - startedAt) * 10) / 10,
      };
      if (response.writableFinished) options.logger.info(fields, 'request');
      else options.logger.info(fields, 'request aborted by the client');
    });
    requestContext.run({ requestId }, next);
  };
}
