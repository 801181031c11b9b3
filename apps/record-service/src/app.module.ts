import {
  type ArgumentsHost,
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  Module,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { type Logger } from '@typerush/service-kit';
import { Database } from './database/database';
import { DocsController } from './docs/docs.controller';
import { LOGGER } from './http/logger';
import { SERVICE_TOKEN } from './http/service-token.guard';
import { LeaderboardsController } from './leaderboards/leaderboards.controller';
import { LeaderboardsRepository } from './leaderboards/leaderboards.repository';
import { LeaderboardsService } from './leaderboards/leaderboards.service';
import { MatchesController } from './matches/matches.controller';
import { MatchesRepository } from './matches/matches.repository';
import { MatchesService } from './matches/matches.service';
import { PlayersController } from './players/players.controller';
import { PlayersRepository } from './players/players.repository';
import { PlayersService } from './players/players.service';
import { RecordsController } from './records/records.controller';
import { RecordsService } from './records/records.service';

@Module({})
export class AppModule {
  static with(dependencies: {
    database: Database;
    serviceToken: string;
    logger: Logger;
  }): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        MatchesController,
        LeaderboardsController,
        PlayersController,
        RecordsController,
        DocsController,
      ],
      providers: [
        MatchesService,
        MatchesRepository,
        LeaderboardsService,
        LeaderboardsRepository,
        PlayersService,
        PlayersRepository,
        RecordsService,
        { provide: Database, useValue: dependencies.database },
        { provide: SERVICE_TOKEN, useValue: dependencies.serviceToken },
        { provide: LOGGER, useValue: dependencies.logger },
        { provide: APP_FILTER, useClass: PassErrorsOn },
      ],
    };
  }
}

/** Hands every error to Express, whose last handler is the one place where errors become answers. */
@Catch()
class PassErrorsOn implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getNext<(error: unknown) => void>()(error);
  }
}
