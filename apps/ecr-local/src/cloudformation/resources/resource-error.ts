/** Codes of CloudFormation's resource handlers. */
export type HandlerErrorCode =
  'AlreadyExists' | 'GeneralServiceException' | 'InvalidRequest' | 'NotFound';

/** A resource could not be created, changed or deleted; the message is for the stack's events. */
export class ResourceError extends Error {
  constructor(
    readonly code: HandlerErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'ResourceError';
  }
}

export const alreadyExists = (type: string, physicalId: string): ResourceError =>
  new ResourceError(
    'AlreadyExists',
    `Resource of type '${type}' with identifier '${physicalId}' already exists.`,
  );
