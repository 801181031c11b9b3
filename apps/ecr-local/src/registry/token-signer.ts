import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { type Clock } from '../clock';

export type TokenVerdict = 'valid' | 'expired' | 'invalid';

/**
 * Tokens that hold until a time and for one purpose, signed with a secret of the storage: they need no list of tokens, and
 * outlive a restart.
 */
export interface TokenSigner {
  sign(purpose: string, expiresAt: Date): string;
  verify(purpose: string, token: string): TokenVerdict;
  /** What a token is for, if it was signed here, and whether it still holds. */
  read(token: string): { readonly purpose: string; readonly verdict: TokenVerdict };
}

const claimsSchema = z.object({ purpose: z.string(), expiresAt: z.number() });

export function createTokenSigner(secret: Uint8Array, clock: Clock): TokenSigner {
  const signatureOf = (claims: string) => createHmac('sha256', secret).update(claims).digest();
  const read = (token: string) => {
    const [text = '', signature = ''] = token.split('.');
    const given = Buffer.from(signature, 'base64url');
    const expected = signatureOf(text);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      return { purpose: '', verdict: 'invalid' as const };
    }
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const isOver = clock().getTime() >= claims.expiresAt;
    return { purpose: claims.purpose, verdict: isOver ? ('expired' as const) : ('valid' as const) };
  };
  return {
    sign: (purpose, expiresAt) => {
      const claims = JSON.stringify({ purpose, expiresAt: expiresAt.getTime() });
      const text = Buffer.from(claims).toString('base64url');
      return `${text}.${signatureOf(text).toString('base64url')}`;
    },
    read,
    verify: (purpose, token) => {
      const claimed = read(token);
      return claimed.purpose === purpose ? claimed.verdict : 'invalid';
    },
  };
}
