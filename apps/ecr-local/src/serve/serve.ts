import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import {
  createHealth,
  type Environment,
  errorResponder,
  type Logger,
  notFoundResponder,
  operationsRouter,
  requestLogging,
  runService,
  ServiceError,
} from '@typerush/service-kit';
import express from 'express';
import {
  type PrincipalsFile,
  PrincipalsFileError,
  readPrincipalsFile,
} from '../access/principals-file';
import { ecrLocalConfig } from '../config';
import { createEcrLocal } from '../create-ecr-local';
import { clientAddress, isLoopback } from '../http/listening-address';
import { createWorkerScanner } from '../scanning/worker-scanner';
import { openConfiguredStorage } from './configured-storage';
import { readTlsFiles } from './tls-files';

/** `runService` reads the names that every service has. */
const schema = ecrLocalConfig.transform((config) => ({
  ...config,
  PORT: config.ECR_LOCAL_PORT,
  HOST: config.ECR_LOCAL_HOST,
}));

export interface ServeOptions {
  readonly env: Environment;
  /** A file whose program starts the scanner in a worker thread. */
  readonly program: string;
  /** The program listens. */
  readonly onListening?: (at: { readonly url: string; readonly region: string }) => void;
}

/** Runs ecr-local until a signal ends the process. */
export function serve({ env, program, onListening }: ServeOptions): Promise<void> {
  // V8 lets the heap grow to several times of what is in use: ADR 74. For a process of its own, never as a library.
  setFlagsFromString('--heap-growing-percent=40');
  return runService({
    name: 'ecr-local',
    schema,
    addressVariables: { port: 'ECR_LOCAL_PORT', host: 'ECR_LOCAL_HOST' },
    env,
    async start({ config, logger, metrics, onClose }) {
      const tls = await readTlsFiles({
        certificate: config.ECR_LOCAL_TLS_CERT,
        key: config.ECR_LOCAL_TLS_KEY,
      });
      const principals = await principalsOf(config.ECR_LOCAL_ROLES, config.HOST, logger);
      const folder = config.ECR_LOCAL_STORAGE === 'memory' ? undefined : config.ECR_LOCAL_DATA;
      const limit = config.ECR_LOCAL_DISK_LIMIT;
      const storage = await openConfiguredStorage({ folder, limit }, logger);
      onClose('storage', () => storage.close());

      const app = express().disable('x-powered-by').disable('etag');
      const server = tls ? createTlsServer(tls, app) : createServer(app);
      const scheme = tls ? 'https' : 'http';
      const port = () => (server.address() as AddressInfo | null)?.port ?? config.PORT;
      const host = () => `${clientAddress(config.HOST)}:${port()}`;
      const { handler, drain, close } = await createEcrLocal({
        storage,
        logger,
        region: config.AWS_REGION,
        protocol: config.ECR_LOCAL_PROTOCOL,
        host,
        scheme,
        loopback: isLoopback(config.HOST),
        immutableRepush: config.ECR_LOCAL_IMMUTABLE_REPUSH,
        upstreamAddresses: config.ECR_LOCAL_UPSTREAMS,
        secretsFile: config.ECR_LOCAL_SECRETS,
        scanner: scannerWith(config.ECR_LOCAL_ADVISORIES, program),
        eventsWebhook: config.ECR_LOCAL_EVENTS_WEBHOOK,
        ...(principals && { principals }),
      });
      onClose('registry', close);
      const health = createHealth({ logger });
      app.use(operationsRouter({ health, metrics }));
      app.use(requestLogging({ logger }));
      app.use(handler);
      app.use(notFoundResponder());
      app.use(errorResponder({ logger }));
      server.once('listening', () =>
        onListening?.({ url: `${scheme}://${host()}`, region: config.AWS_REGION }),
      );
      return { server, health, drain };
    },
  });
}

const scannerWith = (advisories: string | undefined, program: string) =>
  advisories === undefined ? undefined : createWorkerScanner(program, advisories);

async function principalsOf(
  file: string | undefined,
  host: string,
  logger: Logger,
): Promise<PrincipalsFile | undefined> {
  if (file === undefined) {
    const loopback = isLoopback(host);
    // On loopback this is what nearly everybody wants.
    logger[loopback ? 'info' : 'warn'](
      { loopback },
      'any credentials are accepted: set ECR_LOCAL_ROLES to control access',
    );
    return undefined;
  }
  try {
    return await readPrincipalsFile(file);
  } catch (error) {
    if (!(error instanceof PrincipalsFileError)) throw error;
    throw new ServiceError(error.code, error.message, { cause: error });
  }
}
