import { Inject, Injectable } from '@nestjs/common';
import { type FinishedMatch, type MatchKey, type RecordedMatch } from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { MatchesRepository } from './matches.repository';
import { sameContent } from './same-content';

@Injectable()
export class MatchesService {
  constructor(@Inject(MatchesRepository) private readonly matches: MatchesRepository) {}

  /**
   * Records a match once, however often and from wherever it is sent.
   * @throws ServiceError CONFLICT when another match has its race and round
   */
  async record(match: FinishedMatch): Promise<{ created: boolean; match: RecordedMatch }> {
    const inserted = await this.matches.insert(match);
    if (inserted) return { created: true, match: inserted };
    const stored = await this.find(match);
    if (sameContent(stored, match)) return { created: false, match: stored };
    throw new ServiceError(
      'CONFLICT',
      `Round ${match.round} of race ${match.raceId} is recorded already, with other content. What is recorded stays; read it to compare.`,
    );
  }

  /** @throws ServiceError NOT_FOUND */
  async find({ raceId, round }: MatchKey): Promise<RecordedMatch> {
    const match = await this.matches.find({ raceId, round });
    if (match) return match;
    throw new ServiceError('NOT_FOUND', `Round ${round} of race ${raceId} is not recorded.`);
  }
}
