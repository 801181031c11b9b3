import { sessionRequestSchema } from '@typerush/contracts';
import { jsonBody, parseRequest } from '@typerush/service-kit';
import { Router } from 'express';
import { limitByAddress } from '../http/limit-requests';
import { requireSession, sessionOf } from './bearer-session';
import { type SessionTokens } from './session-tokens';

export interface SessionRoutesOptions {
  sessions: SessionTokens;
  /** How many sessions one address may request in a minute. */
  perMinute: number;
}

/** `POST /api/sessions` creates a guest, `GET /api/sessions/me` returns the session of the bearer's token. */
export function sessionRoutes({ sessions, perMinute }: SessionRoutesOptions): Router {
  const router = Router();
  router.post(
    '/api/sessions',
    limitByAddress(perMinute, 'Too many sessions were requested'),
    jsonBody({ limit: '2kb' }),
    async (request, response) => {
      const { name } = parseRequest(sessionRequestSchema, request.body);
      response
        .status(201)
        .set('cache-control', 'no-store')
        .json(await sessions.issue(name));
    },
  );
  router.get('/api/sessions/me', requireSession(sessions), (_request, response) => {
    response.json(sessionOf(response));
  });
  return router;
}
