import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';

/** Hands every error to Express, whose last handler is the one place where errors become answers. */
@Catch()
export class PassErrorsOn implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    host.switchToHttp().getNext<(error: unknown) => void>()(error);
  }
}
