import { z } from 'zod';
import { OciError } from '../errors';

/** Where a request to a registry went wrong. */
export interface RegistryErrorDetails {
  readonly host: string;
  readonly repository?: string;
  /** HTTP status; none when no answer came. */
  readonly status?: number;
  /** `Retry-After`, in ms. */
  readonly retryAfterMs?: number;
}

/**
 * `code` is the registry's own (`NAME_UNKNOWN`, `TAG_INVALID`, `DENIED`, `UNAUTHORIZED`, `MANIFEST_UNKNOWN`, ...;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes), or `UNREACHABLE` (no answer),
 * `TOOMANYREQUESTS`, `SERVER_ERROR`, `NOT_FOUND`, `UNEXPECTED`, `DIGEST_MISMATCH`. Never holds credentials.
 */
export class RegistryError extends OciError implements RegistryErrorDetails {
  readonly host: string;
  readonly repository?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;

  constructor(
    code: string,
    problem: string,
    details: RegistryErrorDetails,
    options?: { cause?: unknown },
  ) {
    const { host, repository, status } = details;
    const where = repository ? `${host}/${repository}` : host;
    const http = status === undefined ? '' : `, HTTP ${status}`;
    const advice = ADVICE[code] ? ` ${ADVICE[code]}` : '';
    super(code, `${where}: ${problem} (${code}${http})${advice}`, options);
    this.host = host;
    this.repository = repository;
    this.status = status;
    this.retryAfterMs = details.retryAfterMs;
  }
}

const ADVICE: Readonly<Record<string, string>> = {
  UNREACHABLE: 'Is the registry running, and is its address right?',
  UNAUTHORIZED: 'Log in again.',
  DENIED: 'Log in again, and see whether this identity may use the repository.',
  NAME_UNKNOWN: 'Create the repository first: a push does not.',
  TAG_INVALID: 'Choose another tag: this one cannot be moved.',
};

const bodySchema = z.object({
  errors: z.array(z.looseObject({ code: z.string(), message: z.string().optional() })).nonempty(),
});

/** The error that a registry's answer stands for. Takes the body, unless the answer has none. */
export async function errorFromResponse(
  response: Response,
  details: Pick<RegistryErrorDetails, 'host' | 'repository'>,
): Promise<RegistryError> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const said = parseBody(text);
  const code = said?.code ?? codeOfStatus(status);
  const problem =
    (said?.message ?? (text.trim().slice(0, 300) || response.statusText)) || 'no reason given';
  const retryAfter = Number(response.headers.get('retry-after') ?? NaN);
  const retryAfterMs = Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined;
  return new RegistryError(code, problem, { ...details, status, retryAfterMs });
}

function parseBody(text: string) {
  try {
    return bodySchema.parse(JSON.parse(text)).errors[0];
  } catch {
    return undefined;
  }
}

function codeOfStatus(status: number): string {
  const known: Readonly<Record<number, string>> = {
    401: 'UNAUTHORIZED',
    403: 'DENIED',
    404: 'NOT_FOUND',
    429: 'TOOMANYREQUESTS',
  };
  return known[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'UNEXPECTED');
}
