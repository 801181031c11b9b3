import { createHash, timingSafeEqual } from 'node:crypto';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { ServiceError } from '@typerush/service-kit';
import { type Request } from 'express';

export const SERVICE_TOKEN = Symbol('SERVICE_TOKEN');

/** Accepts requests with `Authorization: Bearer <SERVICE_TOKEN>`: those of another service, never of a player. */
@Injectable()
export class ServiceTokenGuard implements CanActivate {
  constructor(@Inject(SERVICE_TOKEN) private readonly token: string) {}

  canActivate(context: ExecutionContext): boolean {
    const header = context.switchToHttp().getRequest<Request>().get('authorization') ?? '';
    const given = /^Bearer (\S+)$/i.exec(header)?.[1] ?? '';
    if (sameText(given, this.token)) return true;
    throw new ServiceError(
      'UNAUTHENTICATED',
      'This route is for services. Send "Authorization: Bearer <token>" with the token in SERVICE_TOKEN.',
    );
  }
}

/** In constant time; digests have the same length for any input. */
function sameText(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

const digest = (text: string) => createHash('sha256').update(text).digest();
