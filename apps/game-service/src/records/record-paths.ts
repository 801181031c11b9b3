import { boardIdSchema, playerIdSchema } from '@typerush/contracts';
import { parseRequest, ServiceError } from '@typerush/service-kit';
import { type Request } from 'express';

/** Everything that is forwarded, under the same path: what the page shows, and nothing that needs a token. */
export const recordPaths = [
  '/records',
  '/records/:accountId',
  '/v1/leaderboards/:board',
  '/v1/leaderboards/:board/around/:playerId',
  '/v1/players/:playerId',
  '/v1/players/:playerId/bests',
  '/v1/players/:playerId/matches',
] as const;

const parameters = { accountId: playerIdSchema, board: boardIdSchema, playerId: playerIdSchema };
const maxQueryLength = 1_000;

/**
 * Path and query at record-service. The path is composed of valid parameters, so that `..%2f` leads nowhere.
 *
 * @throws ServiceError INVALID_REQUEST
 */
export function targetOf(pattern: (typeof recordPaths)[number], request: Request): string {
  const path = pattern.replace(/:(\w+)/g, (_, name: string) =>
    parseRequest(parameters[name as keyof typeof parameters], request.params[name]),
  );
  const query = new URL(request.originalUrl, 'http://any').search;
  if (query.length > maxQueryLength) {
    throw new ServiceError(
      'INVALID_REQUEST',
      `The query is longer than ${maxQueryLength} characters.`,
    );
  }
  return `${path}${query}`;
}
