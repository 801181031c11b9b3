import { AccessError } from '../access/access-error';
import { DiskLimitError } from '../storage/limited-storage';
import { bodyProblem } from './body-problem';
import { isOutOfSpace, outOfSpace } from './out-of-space';
import { EcrError, type EcrErrorCode } from './ecr-error';

/**
 * The codes of the distribution protocol and the status that each is answered with.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#error-codes
 */
const statuses = {
  BLOB_UNKNOWN: 404,
  BLOB_UPLOAD_INVALID: 416,
  BLOB_UPLOAD_UNKNOWN: 404,
  DENIED: 403,
  DIGEST_INVALID: 400,
  MANIFEST_BLOB_UNKNOWN: 404,
  MANIFEST_INVALID: 400,
  MANIFEST_UNKNOWN: 404,
  NAME_INVALID: 400,
  NAME_UNKNOWN: 404,
  PAGINATION_NUMBER_INVALID: 400,
  UNAUTHORIZED: 401,
  SIZE_INVALID: 400,
  TAG_INVALID: 400,
  UNKNOWN: 500,
  UNSUPPORTED: 405,
} as const;

export type OciErrorCode = keyof typeof statuses;

export class OciError extends Error {
  override readonly name = 'OciError';

  constructor(
    readonly code: OciErrorCode,
    message: string,
    /** Overrides the status of the code. */
    readonly status: number = statuses[code],
  ) {
    super(message);
  }

  get body(): unknown {
    return { errors: [{ code: this.code, message: this.message }] };
  }
}

/** The protocol's codes for the errors of the ECR API; the text is the API's. */
const codesOfEcr: Partial<Record<EcrErrorCode, OciErrorCode>> = {
  ImageDigestDoesNotMatchException: 'DIGEST_INVALID',
  ImageTagAlreadyExistsException: 'TAG_INVALID',
  ImageNotFoundException: 'MANIFEST_UNKNOWN',
  InvalidParameterException: 'MANIFEST_INVALID',
  LayersNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  LimitExceededException: 'DENIED',
  ReferencedImagesNotFoundException: 'MANIFEST_BLOB_UNKNOWN',
  RepositoryNotFoundException: 'NAME_UNKNOWN',
};

/** The protocol's error for an error that a handler threw, or undefined for a bug. */
export function ociErrorOf(error: unknown): OciError | undefined {
  if (error instanceof OciError) return error;
  if (error instanceof AccessError) return new OciError('DENIED', error.message);
  if (error instanceof DiskLimitError) return new OciError('UNKNOWN', error.message, 507);
  if (error instanceof EcrError) {
    const code = codesOfEcr[error.code];
    return code && new OciError(code, error.message);
  }
  if (error instanceof URIError) return new OciError('NAME_INVALID', error.message);
  if (isOutOfSpace(error)) return new OciError('UNKNOWN', outOfSpace.message, outOfSpace.status);
  const problem = bodyProblem(error);
  if (!problem) return undefined;
  return problem.status === 413
    ? new OciError('MANIFEST_INVALID', 'A manifest must be at most 4194304 bytes.', 413)
    : new OciError(
        'MANIFEST_INVALID',
        `The body cannot be read: ${problem.message}.`,
        problem.status,
      );
}
