import { STATUS_CODES } from 'node:http';
import { type ProblemDetails } from '@typerush/contracts';
import { describeError, type Logger } from '@typerush/service-kit';
import { type ErrorRequestHandler } from 'express';

/** The codes of this service beside service-kit's. */
const statuses = { PASSAGE_UNKNOWN: 422, TYPING_VERSION_UNKNOWN: 422 };

/** The last handler of Express: responds to every error with problem details (RFC 9457), and logs errors of the server. */
export function problemResponder({ logger }: { logger: Logger }): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const { status, body } = describeError(error, statuses);
    const { code, message, ...rest } = body.error;
    if (status >= 500) logger.error({ err: error, code }, 'request failed');
    else logger.debug({ code }, 'request rejected');
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
