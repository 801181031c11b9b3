/**
 * The base of every expected failure. `code` is stable and meant for programs, `message` names the problem
 * and what to do next, `details` is safe to show to the caller. Which status a code becomes is the transport's
 * business: see `statusByCode` in http-status.ts.
 */
export class ServiceError extends Error {
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(
    code: string,
    message: string,
    options: { details?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details;
  }
}
