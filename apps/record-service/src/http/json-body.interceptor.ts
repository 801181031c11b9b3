import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { jsonBody, ServiceError } from '@typerush/service-kit';
import { type Request, type Response } from 'express';
import { type Observable } from 'rxjs';

/** Reads a JSON body after the guards of a route, so that a stranger's is not parsed. */
export function readsJson(options: { limit: string }): NestInterceptor {
  const read = jsonBody(options);
  return {
    async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
      const http = context.switchToHttp();
      const [request, response] = [http.getRequest<Request>(), http.getResponse<Response>()];
      await new Promise<void>((resolve, reject) => {
        read(request, response, (error?: unknown) =>
          error === undefined ? resolve() : reject(ownError(error)),
        );
      });
      return next.handle();
    },
  };
}

/** Nest rewords a SyntaxError on its way to the error handler. */
function ownError(error: unknown): unknown {
  if (!(error instanceof SyntaxError)) return error;
  const message = 'The body is not valid JSON. Correct it.';
  return new ServiceError('MALFORMED_JSON', message, { cause: error });
}
