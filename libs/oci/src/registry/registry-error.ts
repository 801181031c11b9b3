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
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes), or `UNREACHABLE` (no connection),
 * `TOO_MANY_REQUESTS`, `SERVER_ERROR`, `UNKNOWN`, `DIGEST_MISMATCH`. Never holds credentials.
 */
export class RegistryError extends OciError {
  readonly host: string;
  readonly repository?: string;
  readonly status?: number;
  readonly retryAfterMs?: number;

  constructor(
    code: string,
    message: string,
    details: RegistryErrorDetails,
    options?: { cause?: unknown },
  ) {
    super(code, message, options);
    this.host = details.host;
    this.repository = details.repository;
    this.status = details.status;
    this.retryAfterMs = details.retryAfterMs;
  }
}
