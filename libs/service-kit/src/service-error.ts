/**
 * The base class of expected failures. `code` is stable, `message` names the problem and its fix, `details` is safe for
 * the client. The transport maps codes to statuses: `statusByCode` in error-responder.ts.
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
