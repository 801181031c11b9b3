import { Controller, Get, Inject, Param } from '@nestjs/common';
import {
  type AccountRecords,
  type PlayerId,
  playerIdSchema,
  type Records,
} from '@typerush/contracts';
import { SchemaPipe } from '../http/schema-pipe';
import { RecordsService } from './records.service';

@Controller('records')
export class RecordsController {
  constructor(@Inject(RecordsService) private readonly records: RecordsService) {}

  @Get()
  all(): Promise<Records> {
    return this.records.all();
  }

  @Get(':accountId')
  of(
    @Param('accountId', new SchemaPipe(playerIdSchema)) accountId: PlayerId,
  ): Promise<AccountRecords> {
    return this.records.of(accountId);
  }
}
