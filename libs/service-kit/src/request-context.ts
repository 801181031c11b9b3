import { AsyncLocalStorage } from 'node:async_hooks';

/** Fields of every log line within a request or a socket's event. */
export type RequestContext = Readonly<{ requestId?: string; socketId?: string }>;

export const requestContext = new AsyncLocalStorage<RequestContext>();
