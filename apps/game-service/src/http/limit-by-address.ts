import { ServiceError } from '@typerush/service-kit';
import { type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';

/** @param tooMany what was requested too often, as the first words of the message: `Too many sessions were requested` */
export function limitByAddress(perMinute: number, tooMany: string): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // The number of proxies is configured; a forged X-Forwarded-For is ignored and not worth a warning.
    validate: { xForwardedForHeader: false },
    handler: (_request, _response, next) => {
      next(new ServiceError('RATE_LIMITED', `${tooMany} from this address. Wait a minute.`));
    },
  });
}
