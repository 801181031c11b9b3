import { Inject, Injectable } from '@nestjs/common';
import { type FinishedRound, type MatchKey, type RecordedMatch } from '@typerush/contracts';
import { type Logger, ServiceError } from '@typerush/service-kit';
import { LOGGER } from '../http/logger';
import { MatchesRepository } from './matches.repository';
import { newMatch } from './new-match';

@Injectable()
export class MatchesService {
  constructor(
    @Inject(MatchesRepository) private readonly matches: MatchesRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Records a round once, however often and from wherever it is sent, ranked by what its replays give.
   * @throws ServiceError CONFLICT when another match has its race and round; TYPING_VERSION_UNKNOWN, PASSAGE_UNKNOWN
   */
  async record(round: FinishedRound): Promise<{ created: boolean; match: RecordedMatch }> {
    const match = await newMatch(round);
    const inserted = await this.matches.insert(match);
    if (inserted) {
      this.reportDifferences(inserted);
      return { created: true, match: inserted };
    }
    const stored = await this.matches.contentHash(round);
    if (stored && match.contentHash.equals(stored)) {
      return { created: false, match: await this.find(round) };
    }
    throw new ServiceError(
      'CONFLICT',
      `Round ${round.round} of race ${round.raceId} is recorded already, with other content. What is recorded stays; read it to compare.`,
    );
  }

  /** @throws ServiceError NOT_FOUND */
  async find({ raceId, round }: MatchKey): Promise<RecordedMatch> {
    const match = await this.matches.find({ raceId, round });
    if (match) return match;
    throw new ServiceError('NOT_FOUND', `Round ${round} of race ${raceId} is not recorded.`);
  }

  /** The writer and this service disagree on a result: one of them has a bug, or is of another version. */
  private reportDifferences({ raceId, round, players }: RecordedMatch): void {
    const playerIds = players.flatMap(({ playerId, unranked }) =>
      unranked.includes('replay-differs') ? [playerId] : [],
    );
    if (playerIds.length > 0) {
      this.logger.warn({ raceId, round, playerIds }, 'replay gives another result than claimed');
    }
  }
}
