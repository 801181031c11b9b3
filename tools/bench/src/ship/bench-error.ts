/** The reason why the bench cannot measure, for the developer who started it. */
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
