/** A failure with a known cause. `code` is stable; `message` says what was wrong, where, and what to do next. */
export class PipelineError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'PipelineError';
  }
}
