/** What keeps the bench from measuring, in words for whoever started it. */
export class BenchError extends Error {
  override readonly name = 'BenchError';

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
