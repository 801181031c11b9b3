/** Network errors, and the SQLSTATEs of a server that starts, stops, fails over, is overloaded or has no connection left. */
const passingCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  '08000',
  '08001',
  '08003',
  '08006',
  '40001',
  '40P01',
  '53300',
  // A statement that took too long was cancelled.
  '57014',
  '57P01',
  '57P02',
  '57P03',
  '57P05',
  // The same, in the words of Prisma's driver adapters and of its client.
  'ConnectionClosed',
  'DatabaseNotReachable',
  'SocketTimeout',
  'TooManyConnections',
  'TransactionWriteConflict',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2034',
]);

/** pg's own timeouts and cut connections carry no code, and Prisma passes them on or wraps them. */
const passingMessage = /timeout|timed out|connection terminated|not queryable/i;

/** Whether the failure is that the server does not answer now, which passes without anybody's doing. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = originOf(error);
  return (code !== undefined && passingCodes.has(code)) || passingMessage.test(message);
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
