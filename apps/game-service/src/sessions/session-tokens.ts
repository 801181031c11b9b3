import { randomUUID } from 'node:crypto';
import { type GuestSession, type Session, sessionSchema } from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { SignedTokens, type SignedTokensOptions, TokenError } from './signed-tokens';

export type SessionTokensOptions = Omit<SignedTokensOptions, 'audience'>;

/** Makes guests and knows them again. A session lives in its signed token alone: nothing is stored. */
export class SessionTokens {
  private readonly tokens: SignedTokens;

  constructor(options: SessionTokensOptions) {
    this.tokens = new SignedTokens({ ...options, audience: 'typerush-game' });
  }

  /** A new player of this name, who must have been validated. */
  async issue(name: string): Promise<GuestSession> {
    const playerId = randomUUID();
    return { playerId, name, ...(await this.tokens.sign(playerId, { name })) };
  }

  /** @throws ServiceError SESSION_EXPIRED, or UNAUTHENTICATED for any token that this service did not make */
  async verify(token: string): Promise<Session> {
    const { claims, expiresAt } = await this.tokens.verify(token).catch(refuse);
    const session = sessionSchema.safeParse({
      playerId: claims.sub,
      name: claims['name'],
      expiresAt,
    });
    if (!session.success) throw notAuthenticated(session.error);
    return session.data;
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TokenError)) throw error;
  if (error.reason === 'invalid') throw notAuthenticated(error);
  const message = 'The session has expired. Request a new one: POST /api/sessions.';
  throw new ServiceError('SESSION_EXPIRED', message, { cause: error });
}

/** For a token that is missing, or that this service did not make. */
export function notAuthenticated(cause?: unknown): ServiceError {
  const message = 'A valid session token is required. Request one: POST /api/sessions.';
  return new ServiceError('UNAUTHENTICATED', message, { cause });
}
