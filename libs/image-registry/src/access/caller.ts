/** Who makes a request. */
export interface Caller {
  readonly kind: 'user' | 'role-session' | 'service';
  /** Twelve digits. That of a service is the one on whose behalf it comes. */
  readonly account: string;
  /** As messages name it: of a user, of an assumed role with the name of its session, or the name of a service. */
  readonly arn: string;
  /** Of the role whose session it is. */
  readonly roleArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** The ARN that policies name: that of the role rather than that of its session. */
export const principalArn = ({ roleArn, arn }: Caller): string => roleArn ?? arn;
