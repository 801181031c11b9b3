import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { ECRClient } from '@aws-sdk/client-ecr';
import { createLogger } from '@typerush/service-kit';
import express from 'express';
import { createEcrLocal, type EcrLocalOptions } from '../create-ecr-local';
import { type EcrService } from '../registry/ecr-service';
import { createMemoryStorage } from '../storage/memory/memory-storage';

export interface LocalServer {
  readonly url: string;
  readonly host: string;
  readonly ecr: EcrService;
  readonly client: ECRClient;
  /** Moves the clock on. */
  passHours(hours: number): void;
  /** fetch with a fresh token; the path starts with /v2/. */
  v2(path: string, init?: RequestInit): Promise<Response>;
  close(): Promise<void>;
}

type LocalOption =
  | 'storage'
  | 'loopback'
  | 'protocol'
  | 'immutableRepush'
  | 'upstreamAddresses'
  | 'secretsFile'
  | 'principals'
  | 'scanner'
  | 'eventsWebhook';

/** ecr-local on a free port, with a clock of its own that starts at 2026-01-01. */
export async function startLocalServer(
  options: Pick<Partial<EcrLocalOptions>, LocalOption> = {},
): Promise<LocalServer> {
  const { storage, loopback = true, ...rest } = options;
  let now = Date.parse('2026-01-01T00:00:00Z');
  const clock = () => new Date(now);
  const app = express();
  // Client and server share a thread. If a test blocks it for as long as an idle connection lasts, both use it again: the
  // client sends a request, and the server closes it.
  const server = createServer({ keepAliveTimeout: 600_000 }, app);
  const host = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { handler, ecr, close } = await createEcrLocal({
    storage: storage ?? createMemoryStorage(clock),
    logger: createLogger({ service: 'ecr-local', level: 'silent' }),
    host,
    loopback,
    clock,
    ...rest,
  });
  app.use(handler);
  const url = `http://${host()}`;
  const client = new ECRClient({
    endpoint: url,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  return {
    url,
    host: host(),
    ecr,
    client,
    passHours: (hours) => {
      now += hours * 3_600_000;
    },
    v2: async (path, init) => {
      const { authorizationData } = await ecr.getAuthorizationToken({});
      const authorization = `Basic ${authorizationData[0]?.authorizationToken}`;
      return fetch(`${url}${path}`, { ...init, headers: { authorization, ...init?.headers } });
    },
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await close();
    },
  };
}
