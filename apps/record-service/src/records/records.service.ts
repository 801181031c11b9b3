import { Inject, Injectable } from '@nestjs/common';
import {
  type AccountRecords,
  boardOf,
  type MatchMode,
  matchModeSchema,
  type PlayerId,
  type Records,
} from '@typerush/contracts';
import { LeaderboardsRepository } from '../leaderboards/leaderboards.repository';
import { PlayersRepository } from '../players/players.repository';
import { PlayersService } from '../players/players.service';

const maxBoards = 200;
const historyLength = 10;

/** The two reads of the first TypeRush: what all players, and what one player, has reached in each mode. */
@Injectable()
export class RecordsService {
  constructor(
    @Inject(LeaderboardsRepository) private readonly leaderboards: LeaderboardsRepository,
    @Inject(PlayersRepository) private readonly players: PlayersRepository,
    @Inject(PlayersService) private readonly profiles: PlayersService,
  ) {}

  async all(): Promise<Records> {
    const boards = await this.leaderboards.records(maxBoards);
    const modes = matchModeSchema.options.map((mode) => ({
      mode,
      boards: boards.filter(({ board }) => boardOf(board).mode === mode),
    }));
    return { modes: modes.filter((one) => one.boards.length > 0) };
  }

  /** @throws ServiceError NOT_FOUND */
  async of(accountId: PlayerId): Promise<AccountRecords> {
    const { name } = await this.profiles.profile(accountId);
    const bests = await this.players.bests(accountId);
    const modes: AccountRecords['modes'] = [];
    for (const mode of matchModeSchema.options) {
      const history = await this.players.history(accountId, historyLength, { mode });
      if (history.length > 0) modes.push({ mode, personalRecord: bestOf(mode), history });
    }
    return { accountId, name, modes };

    function bestOf(mode: MatchMode) {
      const own = bests.filter(({ board }) => boardOf(board).mode === mode);
      own.sort((one, other) => other.wpm - one.wpm);
      return own[0] ?? null;
    }
  }
}
