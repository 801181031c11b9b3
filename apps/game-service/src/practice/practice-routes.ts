import { practiceRequestSchema, practiceResultRequestSchema } from '@typerush/contracts';
import { jsonBody, parseRequest, ServiceError } from '@typerush/service-kit';
import { Router } from 'express';
import { limitByAddress, limitByPlayer } from '../http/limit-requests';
import { requireSession, sessionOf } from '../sessions/bearer-session';
import { type SessionTokens } from '../sessions/session-tokens';
import { KeystrokeBudget } from './keystroke-budget';
import { type PracticeDesk } from './practice-desk';

export interface PracticeRoutesOptions {
  readonly sessions: SessionTokens;
  readonly desk: PracticeDesk;
  /** How many texts, and how many results, a player may request in a minute. @default 60 */
  readonly perMinute?: number;
}

/** A room full of players may share an address. */
const PLAYERS_PER_ADDRESS = 5;

/** 20,000 keystrokes have about 250 kB. */
const maxResult = '400kb';

/** `POST /api/practice` gives a player a text, `POST /api/practice/results` takes what the player typed. */
export function practiceRoutes({ sessions, desk, perMinute = 60 }: PracticeRoutesOptions): Router {
  const router = Router();
  const budget = new KeystrokeBudget(() => performance.now());
  // In this order, so that a body is read only of a player who may send one.
  const admit = (tooMany: string) => [
    limitByAddress(perMinute * PLAYERS_PER_ADDRESS, tooMany),
    requireSession(sessions),
    limitByPlayer(perMinute, tooMany),
  ];
  router.post(
    '/api/practice',
    ...admit('Too many texts were requested'),
    jsonBody({ limit: '2kb' }),
    async (request, response) => {
      const { settings } = parseRequest(practiceRequestSchema, request.body);
      response.status(201).json(await desk.begin(sessionOf(response), settings));
    },
  );
  router.post(
    '/api/practice/results',
    ...admit('Too many results were sent'),
    jsonBody({ limit: maxResult }),
    async (request, response) => {
      const session = sessionOf(response);
      // Before validation, which costs as much as the replay.
      if (!budget.take(session.playerId, countOf(request.body))) {
        throw new ServiceError('RATE_LIMITED', 'These are more keystrokes than anybody types.');
      }
      const result = parseRequest(practiceResultRequestSchema, request.body);
      response.json(await desk.end(session, result));
    },
  );
  return router;
}

function countOf(body: unknown): number {
  const { keystrokes } = (body ?? {}) as Record<string, unknown>;
  return Array.isArray(keystrokes) ? keystrokes.length : 0;
}
