/** A failure that the user can act on: the message says what was wrong and what to do next. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(
    readonly code: 'BAD_OPTION' | 'PORT_TAKEN' | 'COMMAND_FAILED' | 'NOT_READY' | 'STOPPED',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
