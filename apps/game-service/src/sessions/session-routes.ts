import { sessionRequestSchema } from '@typerush/contracts';
import { jsonBody, parseRequest } from '@typerush/service-kit';
import { type Request, Router } from 'express';
import { limitByAddress } from '../http/limit-by-address';
import { notAuthenticated, type SessionTokens } from './session-tokens';

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
  router.get('/api/sessions/me', async (request, response) => {
    // RFC 9110, section 11.6.1: a 401 names the scheme.
    response.set({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer' });
    const session = await sessions.verify(bearerToken(request));
    response.removeHeader('www-authenticate');
    response.json(session);
  });
  return router;
}

function bearerToken(request: Request): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) throw notAuthenticated();
  return token;
}
