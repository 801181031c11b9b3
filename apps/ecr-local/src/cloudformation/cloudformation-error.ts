export type CloudFormationErrorCode =
  'EXPORT_CONFLICT' | 'PARAMETERS_INVALID' | 'TEMPLATE_INVALID' | 'TYPE_CHANGED';

/** CloudFormation rejects a request. The message is worded as CloudFormation words it, since tools match on it. */
export class CloudFormationError extends Error {
  override readonly name = 'CloudFormationError';

  constructor(
    readonly code: CloudFormationErrorCode,
    message: string,
  ) {
    super(message);
  }
}

export const templateInvalid = (message: string): CloudFormationError =>
  new CloudFormationError('TEMPLATE_INVALID', message);

export const templateError = (problem: string): CloudFormationError =>
  templateInvalid(`Template error: ${problem}`);

export const templateFormatError = (problem: string): CloudFormationError =>
  templateInvalid(`Template format error: ${problem}`);
