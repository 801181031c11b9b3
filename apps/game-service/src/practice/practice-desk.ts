import { createHash, randomInt } from 'node:crypto';
import {
  type Practice,
  type PracticeResult,
  type PracticeResultRequest,
  type PracticeSettings,
  type Session,
  standingSchema,
} from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { type Results } from '../outbox/results';
import { judgePractice } from './judge-practice';
import { planPractice } from './practice-plan';
import { type PracticeTickets, practiceTtlMs } from './practice-tickets';

export interface PracticeDeskOptions {
  readonly tickets: PracticeTickets;
  readonly results: Results;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How many used tickets are remembered. @default 50000 */
  readonly maxUsed?: number;
}

interface Used {
  readonly digest: string;
  readonly result: Promise<PracticeResult>;
  readonly forgottenAt: number;
}

/** Gives out texts, and takes one result for each. */
export class PracticeDesk {
  /**
   * Of this instance. record-service, which accepts one content under an id, is what makes a ticket single-use for good.
   */
  private readonly used = new Map<string, Used>();

  constructor(private readonly options: PracticeDeskOptions) {}

  async begin({ playerId }: Session, settings: PracticeSettings): Promise<Practice> {
    const plan = planPractice(settings, randomInt(2 ** 32));
    const { passage, rules } = plan;
    return { ...(await this.options.tickets.issue(playerId, plan)), passage, rules };
  }

  /**
   * The same keystrokes again get the same result, so that a page may repeat a request that it got no response to.
   *
   * @throws ServiceError PRACTICE_USED for others, UNAVAILABLE, and those of PracticeTickets.verify and judgePractice
   */
  async end(session: Session, request: PracticeResultRequest): Promise<PracticeResult> {
    const ticket = await this.options.tickets.verify(session.playerId, request.token);
    const digest = createHash('sha256').update(JSON.stringify(request.keystrokes)).digest('base64');
    const used = this.used.get(ticket.raceId);
    if (used?.digest === digest) return used.result;
    if (used) {
      throw new ServiceError(
        'PRACTICE_USED',
        'There is a result for this text already. Request a new one.',
      );
    }
    const result = this.record(
      judgePractice(ticket, session, request.keystrokes, this.options.now()),
    );
    this.remember(ticket.raceId, { digest, result });
    // It was not kept: the player may send it again.
    result.catch(() => this.used.delete(ticket.raceId));
    return result;
  }

  private async record(round: ReturnType<typeof judgePractice>): Promise<PracticeResult> {
    const state = await this.options.results.keep(round);
    if (state === 'lost') throw new ServiceError('UNAVAILABLE', 'The result could not be kept.');
    const [player] = round.players;
    const standing = standingSchema.strip().parse(player);
    return { raceId: round.raceId, round: round.round, standing, recorded: state !== 'off' };
  }

  private remember(raceId: string, used: Omit<Used, 'forgottenAt'>): void {
    const now = this.options.now();
    const { maxUsed = 50_000 } = this.options;
    for (const [oldest, { forgottenAt }] of this.used) {
      if (forgottenAt > now && this.used.size < maxUsed) break;
      this.used.delete(oldest);
    }
    this.used.set(raceId, { ...used, forgottenAt: now + practiceTtlMs });
  }
}
