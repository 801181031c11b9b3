import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createLogger, createMetrics, listen, trackConnections } from '@typerush/service-kit';
import {
  type ClientToServerEvents,
  type FinishedRound,
  type ServerToClientEvents,
} from '@typerush/contracts';
import { io, type Socket } from 'socket.io-client';
import { type App, type AppDependencies, createApp, PracticeTickets, SessionTokens } from '../src';

export const secret = 'a secret of thirty-two characters';

export type Client = Socket<ServerToClientEvents, ClientToServerEvents>;

/** The app on a port of its own, with what it logged and the clients that it has. */
export class RunningApp {
  private readonly clients: Client[] = [];

  private constructor(
    readonly app: App,
    readonly url: string,
    readonly sessions: SessionTokens,
    readonly lines: Record<string, unknown>[],
    /** What has been handed over to be recorded. */
    readonly rounds: FinishedRound[],
    private readonly closeConnections: (limitMs: number) => Promise<boolean>,
  ) {}

  static async start(changes: Partial<AppDependencies> = {}): Promise<RunningApp> {
    const lines: Record<string, unknown>[] = [];
    const rounds: FinishedRound[] = [];
    const now = changes.now ?? Date.now;
    const sessions = new SessionTokens({ secret, ttlMs: 3_600_000, now });
    const app = createApp({
      sessions,
      practiceTickets: new PracticeTickets({ secret, now }),
      now,
      logger: createLogger({
        service: 'game-service',
        level: 'debug',
        destination: {
          write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>),
        },
      }),
      metrics: createMetrics({ service: 'game-service' }),
      results: {
        async keep(round, report) {
          rounds.push(round);
          report?.('queued');
          return 'queued';
        },
      },
      raceLimitMs: 0,
      sessionsPerMinute: 1_000,
      trustedProxies: 0,
      pageFolder: join(__dirname, 'no-page'),
      ...changes,
    });
    const closeConnections = trackConnections(app.server);
    const url = await listen(app.server, { host: '127.0.0.1', port: 0 });
    return new RunningApp(app, url, sessions, lines, rounds, closeConnections);
  }

  /** A client that does not come back by itself. */
  client(auth: object): Client {
    const client: Client = io(this.url, {
      auth,
      transports: ['websocket'],
      reconnection: false,
      forceNew: true,
    });
    this.clients.push(client);
    return client;
  }

  /** A client of a new player, connected. */
  async player(name: string): Promise<Client> {
    const { token } = await this.sessions.issue(name);
    const client = this.client({ token });
    await new Promise<void>((resolve, reject) => {
      client.once('connect', resolve);
      client.once('connect_error', reject);
    });
    return client;
  }

  async stop(): Promise<void> {
    for (const client of this.clients) client.disconnect();
    await this.app.drain();
    await this.closeConnections(1_000);
  }
}

/** Answers every request with this status. */
export async function statusServer(status: number): Promise<{ server: Server; url: string }> {
  const server = createServer((_request, response) => response.writeHead(status).end()).listen(0);
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}
