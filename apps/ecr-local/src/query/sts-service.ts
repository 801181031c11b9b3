import { z } from 'zod';
import { action, type QueryService } from './query-service';

export interface StsDeps {
  readonly accountId: string;
  readonly now: () => Date;
  readonly newId: () => string;
}

const assumeRole = z.object({
  RoleArn: z.string().regex(/^arn:[\w-]+:iam::\d{12}:role\/.+$/, 'must be the ARN of a role'),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, 'must be 2 to 64 of [\\w+=,.@-]'),
  DurationSeconds: z.coerce.number().int().min(900).max(43_200).default(3_600),
});

/**
 * AWS STS: who the caller is, and credentials for any role. Nothing is checked against them: every
 * caller is the account's `user/local`.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
export function createStsService({ accountId, now, newId }: StsDeps): QueryService {
  return {
    name: 'STS',
    version: '2011-06-15',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    actions: {
      GetCallerIdentity: action(z.object({}), () => ({
        UserId: 'AIDALOCAL00000000000',
        Account: accountId,
        Arn: `arn:aws:iam::${accountId}:user/local`,
      })),
      AssumeRole: action(assumeRole, (input) => {
        const [, partition, , , account, role] = input.RoleArn.split(':');
        const roleName = role?.split('/').at(-1);
        const key = newId().replaceAll('-', '').toUpperCase();
        return {
          Credentials: {
            AccessKeyId: `ASIA${key.slice(0, 16)}`,
            SecretAccessKey: newId(),
            SessionToken: newId(),
            Expiration: new Date(now().getTime() + input.DurationSeconds * 1000),
          },
          AssumedRoleUser: {
            AssumedRoleId: `AROALOCAL00000000000:${input.RoleSessionName}`,
            Arn: `arn:${partition}:sts::${account}:assumed-role/${roleName}/${input.RoleSessionName}`,
          },
        };
      }),
    },
  };
}
