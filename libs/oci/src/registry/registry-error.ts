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
 * `code` is the registry's own (`NAME_UNKNOWN`, `TAG_INVALID`, `DENIED`, `MANIFEST_UNKNOWN`, `MANIFEST_BLOB_UNKNOWN`, ...;
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes), or one of
 *
 * - `UNREACHABLE` no connection, or a lost one; `TIMEOUT` a connection on which nothing moves; `ABORTED` by the caller
 * - `UNAUTHORIZED` credentials that are missing or wrong; `TOKEN_EXPIRED` ones that were good
 * - `TOOMANYREQUESTS`, `SERVER_ERROR`, `OUT_OF_SPACE`, `TOO_LARGE`, `NOT_FOUND`, `UNEXPECTED`, `DIGEST_MISMATCH`
 *
 * Never holds credentials.
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
  TIMEOUT:
    'Is the network up, and the registry well? Try again: what has arrived is not sent twice.',
  UNAUTHORIZED: 'Log in again.',
  TOKEN_EXPIRED: 'Log in again: the login has run out.',
  DENIED: 'Log in again, and see whether this identity may use the repository.',
  NAME_UNKNOWN: 'Create the repository first: a push does not.',
  TAG_INVALID: 'Choose another tag: this one cannot be moved.',
  OUT_OF_SPACE:
    'Make room in the registry (or raise its quota), then push again: what has arrived is not sent twice.',
  TOO_LARGE: 'A proxy in front of the registry may limit requests: raise its limit.',
  TOOMANYREQUESTS: 'Wait a while, then try again.',
  SERVER_ERROR: 'Try again; if that does not help, see the log of the registry.',
};
