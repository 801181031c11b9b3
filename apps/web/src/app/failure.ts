/** What a person can read about something that failed. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** A refusal or an unusable answer of the server, or none at all. */
export class RequestError extends Error {
  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'RequestError';
  }
}

export const offline = 'OFFLINE';

export function failureOf(error: unknown): Failure {
  const { code, message } = error as Partial<Failure>;
  if (error instanceof Error && typeof code === 'string' && typeof message === 'string') {
    return { code, message };
  }
  return {
    code: 'NO_ANSWER',
    message: 'The server did not answer in time. Check your connection, then try again.',
  };
}
