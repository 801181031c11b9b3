export type AccessErrorCode =
  | 'DENIED'
  | 'SIGNATURE_INCOMPLETE'
  | 'SIGNATURE_INVALID'
  | 'TOKEN_EXPIRED'
  | 'TOKEN_MISSING'
  | 'TOKEN_UNKNOWN';

/** A request whose signature is not valid, or that its caller may not make, in AWS's words. */
export class AccessError extends Error {
  override readonly name = 'AccessError';

  constructor(
    readonly code: AccessErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** Its names in the JSON protocol, where the status is 400. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/CommonErrors.html */
export const jsonErrorNames: Readonly<Record<AccessErrorCode, string>> = {
  DENIED: 'AccessDeniedException',
  SIGNATURE_INCOMPLETE: 'IncompleteSignatureException',
  SIGNATURE_INVALID: 'InvalidSignatureException',
  TOKEN_EXPIRED: 'ExpiredTokenException',
  TOKEN_MISSING: 'MissingAuthenticationTokenException',
  TOKEN_UNKNOWN: 'UnrecognizedClientException',
};

/** Its names in the Query protocol, where the status is 403. https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html */
export const queryErrorNames: Readonly<Record<AccessErrorCode, string>> = {
  DENIED: 'AccessDenied',
  SIGNATURE_INCOMPLETE: 'IncompleteSignature',
  SIGNATURE_INVALID: 'SignatureDoesNotMatch',
  TOKEN_EXPIRED: 'ExpiredToken',
  TOKEN_MISSING: 'MissingAuthenticationToken',
  TOKEN_UNKNOWN: 'InvalidClientTokenId',
};

export const unknownToken = (): AccessError =>
  new AccessError('TOKEN_UNKNOWN', 'The security token included in the request is invalid.');
