import { type AccessPolicies, type Caller } from '@typerush/image-registry';

/** Who a request comes from, and what applies to it. */
export interface Identity {
  readonly caller: Caller;
  readonly userId: string;
  /** Of a user. */
  readonly userName?: string;
  readonly policies: Omit<AccessPolicies, 'resource'>;
  /** Names the identity in a token, so that it can be found again. */
  readonly reference: string;
}

/** The last part of an ARN of a user or role. */
export const nameInArn = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);

export const accountInArn = (arn: string): string => arn.split(':')[4] ?? '';
