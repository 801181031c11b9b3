/**
 * An error of the AWS Query protocol: `code` and `message` go over the wire as they are.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html
 */
export class QueryError extends Error {
  constructor(
    readonly code: string,
    message: string,
    /** HTTP status; 4xx are the sender's fault. */
    readonly status = 400,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'QueryError';
  }
}

export const validationError = (message: string): QueryError =>
  new QueryError('ValidationError', message);
