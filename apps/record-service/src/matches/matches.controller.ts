import {
  Body,
  Controller,
  Get,
  Inject,
  Param,
  Post,
  Res,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import {
  type FinishedRound,
  finishedRoundSchema,
  type MatchKey,
  type RecordedMatch,
} from '@typerush/contracts';
import { type Response } from 'express';
import { readsJson } from '../http/json-body.interceptor';
import { SchemaPipe } from '../http/schema-pipe';
import { ServiceTokenGuard } from '../http/service-token.guard';
import { matchParametersSchema } from './match-parameters';
import { MatchesService } from './matches.service';

/** A round of eight players has about 50 kB; one of a quarter of an hour at 40 keystrokes a second, 3 MB. */
const bodyLimit = '4mb';

@Controller('v1/matches')
export class MatchesController {
  constructor(@Inject(MatchesService) private readonly matches: MatchesService) {}

  /** 201 when it is new, 200 when it was recorded before. */
  @Post()
  @UseGuards(ServiceTokenGuard)
  @UseInterceptors(readsJson({ limit: bodyLimit }))
  async record(
    @Body(new SchemaPipe(finishedRoundSchema)) body: FinishedRound,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecordedMatch> {
    const { created, match } = await this.matches.record(body);
    response.status(created ? 201 : 200).location(`/v1/matches/${match.raceId}/${match.round}`);
    return match;
  }

  @Get(':raceId/:round')
  find(@Param(new SchemaPipe(matchParametersSchema)) key: MatchKey): Promise<RecordedMatch> {
    return this.matches.find(key);
  }
}
