import { randomUUID } from 'node:crypto';
import { type GuestSession, type Session, sessionSchema } from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const issuer = 'typerush';
const audience = 'typerush-game';
const algorithm = 'HS256';

/** In seconds since 1970, up to the year 9999: later times have no timestamp of four digits. */
const seconds = z.int().min(0).max(253_402_300_799);

const timesSchema = z.object({ exp: seconds, iat: seconds });

export interface SessionTokensOptions {
  /** At least 32 characters (RFC 7518, section 3.2: a key of the hash's size or more). */
  secret: string;
  ttlMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

/** Makes guests and knows them again. A session lives in its signed token alone: nothing is stored. */
export class SessionTokens {
  private readonly key: Uint8Array;

  constructor(private readonly options: SessionTokensOptions) {
    this.key = new TextEncoder().encode(options.secret);
  }

  /** A new player of this name, who must have been validated. */
  async issue(name: string): Promise<GuestSession> {
    const issuedAt = Math.floor(this.options.now() / 1_000);
    const expiry = issuedAt + Math.floor(this.options.ttlMs / 1_000);
    const playerId = randomUUID();
    const token = await new SignJWT({ name })
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setSubject(playerId)
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiry)
      .sign(this.key);
    return { token, playerId, name, expiresAt: timestamp(expiry) };
  }

  /** @throws ServiceError SESSION_EXPIRED, or UNAUTHENTICATED for any token that this service did not make */
  async verify(token: string): Promise<Session> {
    const payload = await this.payloadOf(token);
    // jose only checks that the times are numbers: 1e300 and 1.5 are.
    const times = timesSchema.safeParse(payload);
    if (!times.success) throw notAuthenticated(times.error);
    const session = sessionSchema.safeParse({
      playerId: payload.sub,
      name: payload['name'],
      expiresAt: timestamp(times.data.exp),
    });
    if (!session.success) throw notAuthenticated(session.error);
    return session.data;
  }

  private async payloadOf(token: string): Promise<JWTPayload> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        issuer,
        audience,
        algorithms: [algorithm],
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(this.options.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        const message = 'The session has expired. Request a new one: POST /api/sessions.';
        throw new ServiceError('SESSION_EXPIRED', message, { cause: error });
      }
      if (error instanceof errors.JOSEError) throw notAuthenticated(error);
      throw error;
    }
  }
}

/** For a token that is missing, or that this service did not make. */
export function notAuthenticated(cause?: unknown): ServiceError {
  const message = 'A valid session token is required. Request one: POST /api/sessions.';
  return new ServiceError('UNAUTHENTICATED', message, { cause });
}

function timestamp(seconds: number): string {
  return new Date(seconds * 1_000).toISOString();
}
