import { type ErrorBody } from '@typerush/contracts';
import { type ErrorRequestHandler, type RequestHandler } from 'express';
import { type Logger } from './logger';
import { requestContext } from './request-context';
import { ServiceError } from './service-error';

/** The only mapping of error codes to HTTP statuses. A code that is missing here is a 500. */
const statusByCode: Readonly<Record<string, number>> = {
  INVALID_REQUEST: 400,
  MALFORMED_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

interface HttpProblem {
  status: number;
  body: ErrorBody;
}

interface ErrorWithStatus {
  status: number;
  message: string;
  type?: string;
}

/**
 * The response to an error; for a 5xx only its id.
 *
 * @param statuses additional codes of the app, beside `statusByCode`
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
  } else if (hasClientStatus(error)) {
    return clientProblem(error);
  }
  return { status: 500, code: 'INTERNAL', message: internalMessage };
}

const internalMessage =
  'Something went wrong on our side. Try again; if it stays, report the request id.';
const unavailableMessage =
  'This cannot be done just now. Try again in a moment; if it stays, report the request id.';

/** Whether it is a 4xx of http-errors (Express, its body parsers), the router's URIError or Nest's HttpException. */
function hasClientStatus(error: unknown): error is ErrorWithStatus {
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

/** The code for an error that has only a status, such as those of Express, its body parsers and Nest. */
function codeOfStatus(status: number): string {
  const known = Object.entries(statusByCode).find(([, value]) => value === status);
  return known ? known[0] : 'INVALID_REQUEST';
}

/** The last handler of Express: responds to every error with an `ErrorBody`, and logs errors of the server. */
export function errorResponder(options: {
  logger: Logger;
  statuses?: Readonly<Record<string, number>>;
}): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const { status, body } = describeError(error, options.statuses);
    if (status >= 500)
      options.logger.error({ err: error, code: body.error.code }, 'request failed');
    else options.logger.debug({ code: body.error.code }, 'request rejected');
    // The response has begun: Express closes the connection, so that the client notices.
    if (response.headersSent) next(error);
    else response.status(status).json(body);
  };
}

/** Mount it after all routes. */
export function notFoundResponder(): RequestHandler {
  return (request, _response, next) => {
    next(new ServiceError('NOT_FOUND', `There is no ${request.method} ${request.path} here.`));
  };
}
