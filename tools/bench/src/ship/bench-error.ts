/** The bench cannot measure; the message explains it to the developer. */
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
