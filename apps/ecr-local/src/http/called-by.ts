import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { type Request, type RequestHandler } from 'express';

/** The names under which a program on this machine, or in a container on it, calls a loopback address. */
const localNames = ['localhost', '127.0.0.1', '[::1]', 'host.docker.internal'];

const isLocalName = (name: string): boolean =>
  localNames.includes(name) || name.endsWith('.localhost');

const nameCalled = ({ headers }: Request): string =>
  (headers.host ?? '').replace(/:\d+$/, '').toLowerCase();

const reject =
  (isAccepted: (name: string) => boolean, reason: string): RequestHandler =>
  (request, response, next) => {
    if (isAccepted(nameCalled(request))) return next();
    response.status(421).type('text/plain').send(`${reason}\n`);
  };

/**
 * Refuses a request that came to another name. A web page can have its own name resolve to 127.0.0.1, and then speak to
 * what listens here as if it were its own server (DNS rebinding).
 */
export const localOnly = reject(
  isLocalName,
  `ecr-local serves only this machine: call it by ${localNames.join(', ')}.`,
);

/**
 * The same attack on what listens beyond loopback, where clients may call it by a name that we do not know. An address is
 * not resolved, so that no page can have it point here.
 */
export const addressOnly = reject(
  (name) =>
    isLocalName(name) ||
    name === hostname().toLowerCase() ||
    isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0,
  `The console was called by a name that may belong to another site. Nothing was shown or changed.\n` +
    'Fix: open it by the address of its machine, such as http://192.168.1.5:5100/.',
);
