import * as z from 'zod';
import { OciError } from '../errors';

/** Where a request to a registry failed. */
export interface RegistryErrorDetails {
  readonly host: string;
  readonly repository?: string;
  /** HTTP status; undefined without a response. */
  readonly status?: number;
  /** `Retry-After`, in ms. */
  readonly retryAfterMs?: number;
}

/**
 * `code` is the registry's own (`NAME_UNKNOWN`, `TAG_INVALID`, `DENIED`, `MANIFEST_UNKNOWN`, `MANIFEST_BLOB_UNKNOWN`, ...;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes), or one of
 *
 * - `UNREACHABLE` no connection, or a lost one; `TIMEOUT` a connection without progress; `ABORTED` by the caller
 * - `TLS_MISSING` a server that speaks plain HTTP
 * - `UNAUTHORIZED` missing or wrong credentials; `TOKEN_EXPIRED` credentials that were valid before
 * - `TOOMANYREQUESTS`, `SERVER_ERROR`, `OUT_OF_SPACE`, `TOO_LARGE`, `NOT_FOUND`, `UNEXPECTED`, `DIGEST_MISMATCH`
 *
 * Never contains credentials.
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
  UNREACHABLE: 'Check that the registry is running and that its address is correct.',
  TLS_MISSING:
    'Add the host to "insecureRegistries" in registry.json if its network is trusted, or give the registry a certificate.',
  TIMEOUT: 'Check the network and the registry, then retry: uploaded content is not sent again.',
  UNAUTHORIZED: 'Log in again.',
  TOKEN_EXPIRED: 'Log in again: the credentials have expired.',
  DENIED: 'Log in again, and check that this identity may use the repository.',
  NAME_UNKNOWN: 'Create the repository first: a push does not create it.',
  TAG_INVALID: 'Choose another tag: this one cannot be moved.',
  OUT_OF_SPACE:
    'Free space in the registry (or raise its quota), then push again: uploaded content is not sent again.',
  TOO_LARGE: 'A proxy in front of the registry may limit requests: raise its limit.',
  TOOMANYREQUESTS: 'Wait a while, then retry.',
  SERVER_ERROR: 'Retry; if the error persists, check the log of the registry.',
};

/** An error of fetch, which has the reason in its cause. */
export function unreachable(host: string, error: unknown): RegistryError {
  if (error instanceof RegistryError) return error;
  const inner = (error as { cause?: unknown }).cause ?? error;
  const { code, message } = inner as { code?: string; message?: string };
  if (NO_TLS.test(code ?? '')) return withoutTls(host, inner);
  const problem = code ?? message ?? 'no response';
  return new RegistryError('UNREACHABLE', problem, { host }, { cause: inner });
}

/** Of OpenSSL, when the bytes of the other side are not TLS. */
const NO_TLS = /^(?:ERR_SSL_(?:WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)|EPROTO)$/;

const withoutTls = (host: string, cause: unknown) =>
  new RegistryError(
    'TLS_MISSING',
    'it does not speak TLS. Plain HTTP is used only if it is allowed, and for registries of this machine.',
    { host },
    { cause },
  );

const bodySchema = z.object({
  errors: z
    .array(
      z.looseObject({
        code: z.string(),
        message: z.string().nullish(),
        detail: z.unknown().optional(),
      }),
    )
    .nonempty(),
});

/** The error of an unsuccessful response. Reads its body. */
export async function errorFromResponse(
  response: Response,
  details: Pick<RegistryErrorDetails, 'host' | 'repository'>,
): Promise<RegistryError> {
  const { status } = response;
  const text = await response.text().catch(() => '');
  const error = parseBody(text);
  const plain = error ? '' : text.trim().replace(/\s+/g, ' ').slice(0, 300);
  const code = codeOf(status, text, error?.code);
  const reason = error?.message || plain || response.statusText || 'no reason given';
  // Distribution's message is "unknown error"; the reason is in the detail.
  const detail = typeof error?.detail === 'string' ? error.detail.slice(0, 300) : reason;
  return new RegistryError(code, code === 'OUT_OF_SPACE' ? `no space left: ${detail}` : reason, {
    ...details,
    status,
    retryAfterMs: parseRetryAfter(response.headers.get('retry-after')),
  });
}

function parseBody(text: string) {
  try {
    return bodySchema.parse(JSON.parse(text)).errors[0];
  } catch {
    return undefined;
  }
}

/** ECR's wording: https://docs.aws.amazon.com/AmazonECR/latest/userguide/common-errors-docker.html */
const EXPIRED = /token has expired|expired token/i;
/**
 * The wording of file systems, object stores and Harbor's quota, since there is no code for it; distribution gives the number
 * of ENOSPC.
 */
const FULL =
  /ENOSPC|no space left|disk (?:is )?full|disk quota|quota ?exceeded|exceed the configured upper limit|insufficient storage|"Err":\s*28\b/i;

function codeOf(status: number, text: string, code: string | undefined): string {
  if (status === 507 || FULL.test(text)) return 'OUT_OF_SPACE';
  if (status === 403 && EXPIRED.test(text)) return 'TOKEN_EXPIRED';
  if (code && code !== 'UNKNOWN') return code;
  return STATUS_CODE[status] ?? (status >= 500 ? 'SERVER_ERROR' : 'UNEXPECTED');
}

const STATUS_CODE: Readonly<Record<number, string>> = {
  401: 'UNAUTHORIZED',
  403: 'DENIED',
  404: 'NOT_FOUND',
  413: 'TOO_LARGE',
  429: 'TOOMANYREQUESTS',
};

/** In ms, of seconds or a date; https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function parseRetryAfter(header: string | null, now = Date.now()): number | undefined {
  if (!header?.trim()) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
