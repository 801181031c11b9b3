import { ServiceError } from '@typerush/service-kit';
import { type RequestHandler } from 'express';
import { type Options, rateLimit } from 'express-rate-limit';
import { sessionOf } from '../sessions/bearer-session';

/** @param tooMany what was requested too often, as the first words of the message: `Too many sessions were requested` */
export function limitByAddress(perMinute: number, tooMany: string): RequestHandler {
  return limit(perMinute, `${tooMany} from this address. Wait a minute.`, {
    // The number of proxies is configured; a forged X-Forwarded-For is ignored and not worth a warning.
    validate: { xForwardedForHeader: false },
  });
}

/** After `requireSession`. @param tooMany as of `limitByAddress` */
export function limitByPlayer(perMinute: number, tooMany: string): RequestHandler {
  return limit(perMinute, `${tooMany} by this player. Wait a minute.`, {
    keyGenerator: (_request, response) => sessionOf(response).playerId,
  });
}

function limit(perMinute: number, message: string, options: Partial<Options>): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    ...options,
    handler: (_request, _response, next) => next(new ServiceError('RATE_LIMITED', message)),
  });
}
