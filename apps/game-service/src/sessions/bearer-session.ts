import { type Session } from '@typerush/contracts';
import { type Request, type RequestHandler, type Response } from 'express';
import { notAuthenticated, type SessionTokens } from './session-tokens';

/**
 * Lets only requests with the token of a session pass; `sessionOf` has the session then.
 *
 * @throws ServiceError SESSION_EXPIRED, UNAUTHENTICATED
 */
export function requireSession(sessions: SessionTokens): RequestHandler {
  return async (request, response, next) => {
    // RFC 9110, section 11.6.1: a 401 names the scheme.
    response.set({ 'cache-control': 'no-store', 'www-authenticate': 'Bearer' });
    response.locals['session'] = await sessions.verify(bearerToken(request));
    response.removeHeader('www-authenticate');
    next();
  };
}

export function sessionOf(response: Response): Session {
  return response.locals['session'] as Session;
}

function bearerToken(request: Request): string {
  const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.get('authorization') ?? '') ?? [];
  if (!token) throw notAuthenticated();
  return token;
}
