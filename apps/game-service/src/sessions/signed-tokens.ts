import { errors, type JWTPayload, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';

const issuer = 'typerush';
const algorithm = 'HS256';

/** In seconds since 1970, up to the year 9999: later times have no timestamp of four digits. */
const seconds = z.int().min(0).max(253_402_300_799);

/** jose only checks that the times are numbers: 1e300 and 1.5 are. */
const timesSchema = z.object({ exp: seconds, iat: seconds });

export interface SignedTokensOptions {
  /** At least 32 characters (RFC 7518, section 3.2: a key of the hash's size or more). */
  secret: string;
  /** What the tokens are for: one for another audience is invalid. */
  audience: string;
  ttlMs: number;
  /** Milliseconds since 1970. */
  now: () => number;
}

export class TokenError extends Error {
  override readonly name = 'TokenError';

  constructor(
    readonly reason: 'expired' | 'invalid',
    cause: unknown,
  ) {
    super(`The token is ${reason}.`, { cause });
  }
}

/** Signed JWTs of this service (HS256). */
export class SignedTokens {
  private readonly key: Uint8Array;

  constructor(private readonly options: SignedTokensOptions) {
    this.key = new TextEncoder().encode(options.secret);
  }

  async sign(subject: string, claims: JWTPayload): Promise<{ token: string; expiresAt: string }> {
    const issuedAt = Math.floor(this.options.now() / 1_000);
    const expiry = issuedAt + Math.floor(this.options.ttlMs / 1_000);
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: algorithm, typ: 'JWT' })
      .setSubject(subject)
      .setIssuer(issuer)
      .setAudience(this.options.audience)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expiry)
      .sign(this.key);
    return { token, expiresAt: timestamp(expiry) };
  }

  /** @throws TokenError for any token that this service did not make for this audience */
  async verify(token: string): Promise<{ claims: JWTPayload; expiresAt: string }> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        issuer,
        audience: this.options.audience,
        algorithms: [algorithm],
        requiredClaims: ['sub', 'exp', 'iat'],
        currentDate: new Date(this.options.now()),
      });
      const { exp } = timesSchema.parse(payload);
      return { claims: payload, expiresAt: timestamp(exp) };
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new TokenError('expired', error);
      if (error instanceof errors.JOSEError || error instanceof z.ZodError) {
        throw new TokenError('invalid', error);
      }
      throw error;
    }
  }
}

function timestamp(epochSeconds: number): string {
  return new Date(epochSeconds * 1_000).toISOString();
}
