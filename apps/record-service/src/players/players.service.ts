import { Inject, Injectable } from '@nestjs/common';
import {
  type HistoryPage,
  type HistoryRequest,
  matchKeySchema,
  type PersonalBests,
  type PlayerId,
  type Profile,
  timestampSchema,
} from '@typerush/contracts';
import { ServiceError } from '@typerush/service-kit';
import { z } from 'zod';
import { cursorOf, readCursor } from '../http/cursor';
import { type PlayedMatch } from './player-statements';
import { PlayersRepository } from './players.repository';

const { raceId, round } = matchKeySchema.shape;
const cursorSchema = z
  .tuple([timestampSchema, raceId, round])
  .transform(([finishedAt, race, number]): PlayedMatch => ({
    finishedAt,
    raceId: race,
    round: number,
  }));

@Injectable()
export class PlayersService {
  constructor(@Inject(PlayersRepository) private readonly players: PlayersRepository) {}

  /** @throws ServiceError NOT_FOUND */
  async profile(playerId: PlayerId): Promise<Profile> {
    const profile = await this.players.profile(playerId);
    if (profile) return profile;
    throw new ServiceError('NOT_FOUND', `Nothing is recorded of player ${playerId}.`);
  }

  /** @throws ServiceError NOT_FOUND */
  async bests(playerId: PlayerId): Promise<PersonalBests> {
    await this.profile(playerId);
    return { playerId, bests: await this.players.bests(playerId) };
  }

  /** @throws ServiceError NOT_FOUND; INVALID_REQUEST for a cursor of another list */
  async history(playerId: PlayerId, request: HistoryRequest): Promise<HistoryPage> {
    const { mode, limit, cursor } = request;
    const after = cursor === undefined ? undefined : readCursor(cursorSchema, cursor);
    await this.profile(playerId);
    // One more, to know whether there is a next page.
    const found = await this.players.history(playerId, limit + 1, { mode, after });
    const matches = found.slice(0, limit);
    const last = matches.at(-1);
    const next =
      last && found.length > limit ? cursorOf([last.finishedAt, last.raceId, last.round]) : null;
    return { playerId, matches, next };
  }
}
