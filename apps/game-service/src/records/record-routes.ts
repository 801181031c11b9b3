import { type Logger, problemResponder } from '@typerush/service-kit';
import { Router } from 'express';
import { limitByAddress } from '../http/limit-requests';
import { recordPaths, targetOf } from './record-paths';
import { RecordReader, type RecordReaderOptions } from './record-reader';

export interface RecordRoutesOptions extends RecordReaderOptions {
  logger: Logger;
  /** How many reads one address may request in a minute. @default 300 */
  perMinute?: number;
}

/** Reads of the records, forwarded to record-service, so that the page needs one origin. Errors are problem details. */
export function recordRoutes(options: RecordRoutesOptions): Router {
  const reader = new RecordReader(options);
  const limit = limitByAddress(options.perMinute ?? 300, 'Too many records were read');
  const router = Router();
  for (const path of recordPaths) {
    router.get(path, limit, async (request, response) => {
      const gone = new AbortController();
      response.once('close', () => gone.abort());
      const answer = await reader.read({
        target: targetOf(path, request),
        knownEtag: request.get('if-none-match'),
        signal: gone.signal,
      });
      response.status(answer.status).set(answer.headers).end(answer.body);
    });
  }
  router.use(problemResponder(options));
  return router;
}
