import { type ErrorBody } from '@typerush/contracts';
import { type ErrorRequestHandler, type RequestHandler } from 'express';
import { codeOfStatus, statusByCode } from './http-status';
import { type Logger } from './logger';
import { requestContext } from './request-context';
import { ServiceError } from './service-error';

export interface HttpProblem {
  status: number;
  body: ErrorBody;
}

interface ErrorWithStatus {
  status: number;
  message: string;
  type?: string;
}

/**
 * What the client may learn about an error; of a 5xx only its id. Pure but for the request's id, which it
 * reads from `requestContext`, so that a Nest exception filter can use it too.
 *
 * @param statuses further codes of the app's own, beside `statusByCode`
 */
export function describeError(
  error: unknown,
  statuses: Readonly<Record<string, number>> = {},
): HttpProblem {
  const requestId = requestContext.getStore()?.requestId;
  const { status, ...problem } = problemOf(error, { ...statusByCode, ...statuses });
  return { status, body: { error: { ...problem, ...(requestId && { requestId }) } } };
}

type Problem = { status: number } & ErrorBody['error'];

function problemOf(error: unknown, statuses: Readonly<Record<string, number>>): Problem {
  if (error instanceof ServiceError) {
    const { code, message, details } = error;
    const status = statuses[code] ?? 500;
    if (status < 500) return { status, code, message, ...(details && { details }) };
    if (status === 503) return { status, code, message: unavailableMessage };
  } else if (tellsItsStatus(error)) {
    return clientProblem(error);
  }
  return { status: 500, code: 'INTERNAL', message: internalMessage };
}

const internalMessage =
  'Something went wrong on our side. Try again; if it stays, report the request id.';
const unavailableMessage =
  'This cannot be done just now. Try again in a moment; if it stays, report the request id.';

/** http-errors (Express, its body parsers), the router's URIError and Nest's HttpException, but only 4xx. */
function tellsItsStatus(error: unknown): error is ErrorWithStatus {
  if (!(error instanceof Error)) return false;
  const { status, expose, getStatus } = error as Error & Record<string, unknown>;
  const meantForClient =
    expose === true || typeof getStatus === 'function' || error instanceof URIError;
  return meantForClient && typeof status === 'number' && status >= 400 && status < 500;
}

function clientProblem(error: ErrorWithStatus): Problem {
  const { status } = error;
  if (error.type === 'entity.parse.failed') {
    return { status, code: 'MALFORMED_JSON', message: 'The body is not valid JSON. Correct it.' };
  }
  if (error.type === 'entity.too.large') {
    const message = 'The body is too large. Send less at once.';
    return { status, code: 'PAYLOAD_TOO_LARGE', message };
  }
  return { status, code: codeOfStatus(status), message: error.message };
}

/** Express' last handler: answers every error as an `ErrorBody`, and logs those that are our fault. */
export function errorResponder(options: {
  logger: Logger;
  statuses?: Readonly<Record<string, number>>;
}): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const { status, body } = describeError(error, options.statuses);
    if (status >= 500)
      options.logger.error({ err: error, code: body.error.code }, 'request failed');
    else options.logger.debug({ code: body.error.code }, 'request refused');
    // Half an answer is out: Express ends the connection, so that the client notices.
    if (response.headersSent) next(error);
    else response.status(status).json(body);
  };
}

/** Mount it after every route. */
export function notFoundResponder(): RequestHandler {
  return (request, _response, next) => {
    next(new ServiceError('NOT_FOUND', `There is no ${request.method} ${request.path} here.`));
  };
}
