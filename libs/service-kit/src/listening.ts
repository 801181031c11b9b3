import { type Server } from 'node:http';
import { Server as TlsServer } from 'node:https';
import { type AddressInfo, type Socket } from 'node:net';
import { ServiceError } from './service-error';

/** The names of the variables for the address, for messages. */
export interface AddressVariables {
  readonly port: string;
  readonly host: string;
}

const serviceAddress: AddressVariables = { port: 'PORT', host: 'HOST' };

/**
 * Longer than a load balancer keeps an idle connection (the one of infra-run: an hour). If the service closed it first, a
 * request could be on its way meanwhile, and the load balancer would respond with 502.
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-502-issues
 */
const idleConnectionMs = 3_700_000;

/**
 * Clients close idle connections, not the server.
 *
 * @returns the URL it listens on, with the real port if 0 was requested
 * @throws ServiceError LISTEN_FAILED with the address, the reason and the fix
 */
export async function listen(
  server: Server | TlsServer,
  at: { host: string; port: number },
  variables = serviceAddress,
): Promise<string> {
  server.keepAliveTimeout = idleConnectionMs;
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, at, variables));
    server.once('error', fail);
    server.listen(at.port, at.host, () => {
      server.off('error', fail);
      resolve();
    });
  });
  const { address, port, family } = server.address() as AddressInfo;
  const scheme = server instanceof TlsServer ? 'https' : 'http';
  return `${scheme}://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

function listenError(
  error: NodeJS.ErrnoException,
  at: { host: string; port: number },
  variables: AddressVariables,
): ServiceError {
  const advice: Record<string, string> = {
    EADDRINUSE: `port ${at.port} on ${at.host} is in use; stop the program that listens there, or set ${variables.port} to a free port`,
    EACCES: `this user is not allowed to listen on port ${at.port}; set ${variables.port} to a port above 1023`,
    EADDRNOTAVAIL: `${at.host} is not an address of this machine; set ${variables.host} to one, such as 127.0.0.1`,
    ENOTFOUND: `the host name ${at.host} is not known; set ${variables.host} to an address, such as 127.0.0.1`,
  };
  const message =
    advice[error.code ?? ''] ?? `cannot listen on ${at.host}, port ${at.port}: ${error.message}`;
  return new ServiceError('LISTEN_FAILED', message, { cause: error });
}

/** The interval at which a closing server closes connections whose last request has ended. */
const sweepMs = 50;

/**
 * Tracks a server's connections, so that it can always be closed: Node's own `close` waits for keep-alive connections that
 * were busy when it was called, and forever for upgraded ones.
 *
 * @returns a function that stops accepting, waits for requests in flight, and closes the rest after `limitMs`;
 *   it resolves to whether all connections ended by themselves
 */
export function trackConnections(
  server: Server | TlsServer,
): (limitMs: number) => Promise<boolean> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return async (limitMs) => {
    let clean = true;
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
    const limit = setTimeout(() => {
      clean = false;
      sockets.forEach((socket) => socket.destroy());
    }, limitMs);
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeIdleConnections();
    });
    clearInterval(sweep);
    clearTimeout(limit);
    return clean;
  };
}
