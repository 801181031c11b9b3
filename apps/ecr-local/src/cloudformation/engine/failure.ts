import { ResourceError } from '../resources/resource-error';
import { CloudFormationError } from '../cloudformation-error';

/** The reason of a `*_FAILED` event. */
export function failureReason(error: unknown, requestToken: string): string {
  if (error instanceof ResourceError) {
    return `Resource handler returned message: "${error.message}" (RequestToken: ${requestToken}, HandlerErrorCode: ${error.code})`;
  }
  if (error instanceof CloudFormationError) return error.message;
  return `Resource handler returned message: "${error instanceof Error ? error.message : String(error)}" (RequestToken: ${requestToken}, HandlerErrorCode: InternalFailure)`;
}
