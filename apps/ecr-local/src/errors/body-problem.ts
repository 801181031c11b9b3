/** What Express's body parsers found wrong with a request. */
export interface BodyProblem {
  /** 400, 413 or 415. */
  readonly status: number;
  readonly message: string;
}

/**
 * The client's fault in a body that could not be read (its size, its encoding, its charset); undefined for any other
 * error. The errors of the parsers have a status and say that it may be shown.
 */
export function bodyProblem(error: unknown): BodyProblem | undefined {
  if (!(error instanceof Error) || !('status' in error) || !('expose' in error)) return undefined;
  const { status, message } = error;
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  return { status, message };
}
