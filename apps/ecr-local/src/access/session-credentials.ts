import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Clock } from '../clock';
import { accessKeyOf } from '../registry/registries';
import { type TokenSigner } from '../registry/token-signer';
import { AccessError, unknownToken } from './access-error';
import { accountInArn } from './identity';

/** What a session token says about its session. */
const sessionSchema = z.object({
  key: z.string(),
  role: z.string(),
  name: z.string(),
  /** The text of the policy that limits it. */
  policy: z.string().optional(),
});

export type Session = Readonly<z.infer<typeof sessionSchema>>;

export interface SessionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  readonly expiresAt: Date;
}

const purpose = 'session ';

/** Credentials of sessions. They are kept nowhere: the token contains the session, and the secret follows from the token. */
export function createSessions(tokens: TokenSigner, clock: Clock) {
  const secretOf = (sessionToken: string) =>
    createHash('sha256')
      .update(tokens.sign(`secret of ${sessionToken}`, new Date(0)))
      .digest('base64')
      .slice(0, 40);
  return {
    start: (session: Omit<Session, 'key'>, seconds: number): SessionCredentials => {
      const accessKeyId = accessKeyOf(accountInArn(session.role), randomUUID());
      const expiresAt = new Date(clock().getTime() + seconds * 1000);
      const claims = JSON.stringify({ ...session, key: accessKeyId, nonce: randomUUID() });
      const sessionToken = tokens.sign(purpose + claims, expiresAt);
      return { accessKeyId, secretAccessKey: secretOf(sessionToken), sessionToken, expiresAt };
    },
    /** @throws AccessError if the token is not one of ours, is that of another key, or has expired */
    read: (accessKeyId: string, sessionToken: string): Session & { readonly secret: string } => {
      const token = tokens.read(sessionToken);
      if (!token.purpose.startsWith(purpose)) throw unknownToken();
      const session = sessionSchema.parse(JSON.parse(token.purpose.slice(purpose.length)));
      if (session.key !== accessKeyId) throw unknownToken();
      if (token.verdict === 'expired') {
        throw new AccessError(
          'TOKEN_EXPIRED',
          'The security token included in the request is expired',
        );
      }
      return { ...session, secret: secretOf(sessionToken) };
    },
  };
}
