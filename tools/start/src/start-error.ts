/** A failure that the user can act on: the message says what failed and how to fix it. */
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
