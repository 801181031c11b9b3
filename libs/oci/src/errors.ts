/** Base of every error this library throws on purpose: a stable `code` and a message that says what to do. */
export class OciError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}
