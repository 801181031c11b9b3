import { STATUS_CODES } from 'node:http';
import { type ProblemDetails } from '@typerush/contracts';
import { type ErrorRequestHandler } from 'express';
import { describeError } from './error-responder';
import { type Logger } from './logger';

/** Like `errorResponder`, with problem details (RFC 9457) as the body. */
export function problemResponder(options: {
  logger: Logger;
  statuses?: Readonly<Record<string, number>>;
}): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const { status, body } = describeError(error, options.statuses);
    const { code, message, ...rest } = body.error;
    if (status >= 500) options.logger.error({ err: error, code }, 'request failed');
    else options.logger.debug({ code }, 'request rejected');
    // The response has begun: Express closes the connection, so that the client notices.
    if (response.headersSent) return next(error);
    const title = STATUS_CODES[status] ?? 'Error';
    const problem: ProblemDetails = {
      type: 'about:blank',
      title,
      status,
      code,
      detail: message,
      ...rest,
    };
    if (status === 503) response.set('retry-after', '1');
    response.status(status).type('application/problem+json').send(JSON.stringify(problem));
  };
}
