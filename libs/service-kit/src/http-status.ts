/** The only mapping of error codes to HTTP statuses. A code that is missing here is a 500. */
export const statusByCode: Readonly<Record<string, number>> = {
  INVALID_REQUEST: 400,
  MALFORMED_JSON: 400,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  UNSUPPORTED_MEDIA_TYPE: 415,
  RATE_LIMITED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
};

/** The code for an error that has only a status, as Express', its body parsers' and Nest's have. */
export function codeOfStatus(status: number): string {
  const known = Object.entries(statusByCode).find(([, value]) => value === status);
  return known ? known[0] : 'INVALID_REQUEST';
}
