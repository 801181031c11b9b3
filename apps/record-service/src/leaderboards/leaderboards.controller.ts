import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import {
  type AroundRequest,
  aroundRequestSchema,
  type BoardId,
  boardIdSchema,
  type LeaderboardPage,
  type LeaderboardRequest,
  leaderboardRequestSchema,
  type PlayerId,
  playerIdSchema,
} from '@typerush/contracts';
import { SchemaPipe } from '../http/schema-pipe';
import { LeaderboardsService } from './leaderboards.service';

@Controller('v1/leaderboards')
export class LeaderboardsController {
  constructor(@Inject(LeaderboardsService) private readonly leaderboards: LeaderboardsService) {}

  @Get(':board')
  page(
    @Param('board', new SchemaPipe(boardIdSchema)) board: BoardId,
    @Query(new SchemaPipe(leaderboardRequestSchema)) request: LeaderboardRequest,
  ): Promise<LeaderboardPage> {
    return this.leaderboards.page(board, request);
  }

  @Get(':board/around/:playerId')
  around(
    @Param('board', new SchemaPipe(boardIdSchema)) board: BoardId,
    @Param('playerId', new SchemaPipe(playerIdSchema)) playerId: PlayerId,
    @Query(new SchemaPipe(aroundRequestSchema)) request: AroundRequest,
  ): Promise<LeaderboardPage> {
    return this.leaderboards.around(board, playerId, request);
  }
}
