import {
  type ArgumentsHost,
  Catch,
  type DynamicModule,
  type ExceptionFilter,
  Module,
} from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Database } from './database/database';
import { SERVICE_TOKEN } from './http/service-token.guard';
import { MatchesController } from './matches/matches.controller';
import { MatchesRepository } from './matches/matches.repository';
import { MatchesService } from './matches/matches.service';

@Module({})
export class AppModule {
  static with(dependencies: { database: Database; serviceToken: string }): DynamicModule {
    return {
      module: AppModule,
      controllers: [MatchesController],
      providers: [
        MatchesService,
        MatchesRepository,
        { provide: Database, useValue: dependencies.database },
        { provide: SERVICE_TOKEN, useValue: dependencies.serviceToken },
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
