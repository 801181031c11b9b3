import { randomUUID } from 'node:crypto';
import { passageReferenceSchema, playerIdSchema, practiceModeSchema } from '@typerush/contracts';
import { type PassageReference } from '@typerush/passages';
import { ServiceError } from '@typerush/service-kit';
import { z } from 'zod';
import { SignedTokens, TokenError } from '../sessions/signed-tokens';
import { type PracticePlan } from './practice-plan';

/** Long enough for a page that was left open, and for an hour of typing. */
export const practiceTtlMs = 2 * 3_600_000;

/** Which text a player was given when. */
export interface PracticeTicket extends PracticePlan {
  /** Random; the result is recorded under it. */
  readonly raceId: string;
  /** In ms since 1970. */
  readonly issuedAt: number;
}

const claimsSchema = z.object({
  sub: playerIdSchema,
  jti: z.uuid(),
  issuedAt: z.int().min(0),
  mode: practiceModeSchema,
  passage: passageReferenceSchema,
  limitMs: z.int().min(1).optional(),
});

/** Tickets are signed, not stored: a text that is never typed costs nothing. */
export class PracticeTickets {
  private readonly tokens: SignedTokens;

  constructor(private readonly options: { secret: string; now: () => number }) {
    const { secret, now } = options;
    this.tokens = new SignedTokens({
      secret,
      now,
      ttlMs: practiceTtlMs,
      audience: 'typerush-practice',
    });
  }

  async issue(playerId: string, plan: PracticePlan): Promise<{ token: string; expiresAt: string }> {
    const { mode, passage, rules } = plan;
    const issuedAt = Math.floor(this.options.now());
    const limit = rules.limitMs === undefined ? {} : { limitMs: rules.limitMs };
    const claims = { jti: randomUUID(), issuedAt, mode, passage, ...limit };
    return this.tokens.sign(playerId, claims);
  }

  /** @throws ServiceError PRACTICE_EXPIRED, or PRACTICE_REFUSED for a token that this player was not given */
  async verify(playerId: string, token: string): Promise<PracticeTicket> {
    const { claims } = await this.tokens.verify(token).catch(refuse);
    const parsed = claimsSchema.safeParse(claims);
    if (!parsed.success || parsed.data.sub !== playerId) throw refused(parsed.error);
    const { jti: raceId, issuedAt, mode, passage, limitMs } = parsed.data;
    return {
      raceId,
      issuedAt,
      mode,
      passage: passage as PassageReference,
      rules: { advance: 'any', ...(limitMs !== undefined && { limitMs }) },
    };
  }
}

function refuse(error: unknown): never {
  if (!(error instanceof TokenError)) throw error;
  if (error.reason === 'invalid') throw refused(error);
  throw new ServiceError(
    'PRACTICE_EXPIRED',
    'This text was given out more than two hours ago. Request a new one.',
    { cause: error },
  );
}

function refused(cause: unknown): ServiceError {
  const message = 'This text was not given to this player. Request a new one.';
  return new ServiceError('PRACTICE_REFUSED', message, { cause });
}
