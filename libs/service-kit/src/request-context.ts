import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields that every log line written within a request (or a socket's event) carries. */
export type RequestContext = Readonly<{ requestId?: string; socketId?: string }>;

export const requestContext = new AsyncLocalStorage<RequestContext>();
