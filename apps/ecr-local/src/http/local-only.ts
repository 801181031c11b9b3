import { type RequestHandler } from 'express';

/** The names under which a program on this machine, or in a container on it, calls a loopback address. */
const localNames = ['localhost', '127.0.0.1', '[::1]', 'host.docker.internal'];

/**
 * Refuses a request that came to another name. A web page can have its own name resolve to 127.0.0.1, and then speak to
 * what listens here as if it were its own server (DNS rebinding).
 */
export const localOnly: RequestHandler = (request, response, next) => {
  const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  if (localNames.includes(name) || name.endsWith('.localhost')) return next();
  response
    .status(421)
    .type('text/plain')
    .send(`ecr-local listens for this machine alone: call it by ${localNames.join(', ')}.\n`);
};
