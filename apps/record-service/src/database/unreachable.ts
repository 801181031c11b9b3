/** Network errors, and the SQLSTATEs of a server that starts, stops, fails over or has no connection left. */
const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  // The same, in the words of Prisma's driver adapters.
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
]);

/** pg's own timeouts and cut connections carry no code. */
const passingMessage = /timeout|timed out|terminated unexpectedly/i;

/** Whether the failure is that the server does not answer now, which passes without anybody's doing. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = originOf(error);
  return code ? passingCodes.has(code) : passingMessage.test(message);
}

/** What went wrong, in the driver's words. Never holds the URL: that has a password in it. */
export function reasonOf(error: unknown): string {
  const { code, message } = originOf(error);
  return message || code || 'unknown';
}

interface Origin {
  code?: string | undefined;
  message: string;
}

/** Looks through the wrappers of Prisma, and of a name with several addresses, which fails once for each. */
function originOf(error: unknown): Origin {
  if (error instanceof AggregateError) return originOf(error.errors[0]);
  const { meta, code, message } = error as Origin & { meta?: { driverAdapterError?: DriverError } };
  const cause = meta?.driverAdapterError?.cause;
  return { code: cause ? (cause.originalCode ?? cause.kind) : code, message };
}

interface DriverError {
  cause?: { kind: string; originalCode?: string };
}
