import {
  Body,
  Controller,
  Get,
  Inject,
  Param,
  type PipeTransform,
  Post,
  Res,
  UseGuards,
} from '@nestjs/common';
import {
  type FinishedMatch,
  finishedMatchSchema,
  type MatchKey,
  type RecordedMatch,
} from '@typerush/contracts';
import { type Response } from 'express';
import { parseRequest } from '@typerush/service-kit';
import { type z } from 'zod';
import { ServiceTokenGuard } from '../http/service-token.guard';
import { matchParametersSchema } from './match-parameters';
import { MatchesService } from './matches.service';

/** Validates a body or a parameter at the edge. Throws ServiceError INVALID_REQUEST. */
class SchemaPipe<S extends z.ZodType> implements PipeTransform<unknown, z.output<S>> {
  constructor(private readonly schema: S) {}

  transform(value: unknown): z.output<S> {
    return parseRequest(this.schema, value);
  }
}

@Controller('api/matches')
export class MatchesController {
  constructor(@Inject(MatchesService) private readonly matches: MatchesService) {}

  /** 201 when it is new, 200 when it was recorded before. */
  @Post()
  @UseGuards(ServiceTokenGuard)
  async record(
    @Body(new SchemaPipe(finishedMatchSchema)) body: FinishedMatch,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RecordedMatch> {
    const { created, match } = await this.matches.record(body);
    response.status(created ? 201 : 200).location(`/api/matches/${match.raceId}/${match.round}`);
    return match;
  }

  @Get(':raceId/:round')
  find(@Param(new SchemaPipe(matchParametersSchema)) key: MatchKey): Promise<RecordedMatch> {
    return this.matches.find(key);
  }
}
