import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  type HistoryPage,
  type HistoryRequest,
  historyRequestSchema,
  type PersonalBests,
  type PlayerId,
  playerIdSchema,
  type Profile,
} from '@typerush/contracts';
import { SchemaPipe } from '../http/schema-pipe';
import { PlayersService } from './players.service';

const playerIdPipe = new SchemaPipe(playerIdSchema);

@Controller('v1/players/:playerId')
export class PlayersController {
  constructor(@Inject(PlayersService) private readonly players: PlayersService) {}

  @Get()
  profile(@Param('playerId', playerIdPipe) playerId: PlayerId): Promise<Profile> {
    return this.players.profile(playerId);
  }

  @Get('bests')
  bests(@Param('playerId', playerIdPipe) playerId: PlayerId): Promise<PersonalBests> {
    return this.players.bests(playerId);
  }

  @Get('matches')
  history(
    @Param('playerId', playerIdPipe) playerId: PlayerId,
    @Query(new SchemaPipe(historyRequestSchema)) request: HistoryRequest,
  ): Promise<HistoryPage> {
    return this.players.history(playerId, request);
  }
}
