import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  createHealth,
  type Logger,
  errorResponder,
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
} from './access/principals-file';
import { ecrLocalConfig } from './config';
import { createEcrLocal } from './create-ecr-local';
import { clientAddress, isLoopback } from './http/listening-address';
import { isScanWorker, runScanWorker } from './scanning/scan-worker';
import { createWorkerScanner } from './scanning/worker-scanner';
import { DataFolderError } from './storage/folder/data-folder';
import { DataFolderInUseError } from './storage/folder/folder-lock';
import { openFolderStorage } from './storage/folder/folder-storage';

/** `runService` reads the names that every service has. */
const schema = ecrLocalConfig.transform((config) => ({
  ...config,
  PORT: config.ECR_LOCAL_PORT,
  HOST: config.ECR_LOCAL_HOST,
}));

/** The worker thread runs this file too: a bundle has no other program. */
const scannerWith = (advisories: string | undefined) =>
  advisories === undefined ? undefined : createWorkerScanner(__filename, advisories);

const serve = () =>
  runService({
    name: 'ecr-local',
    schema,
    addressVariables: { port: 'ECR_LOCAL_PORT', host: 'ECR_LOCAL_HOST' },
    env: process.env,
    async start({ config, logger, metrics, onClose }) {
      const storage = await openFolderStorage(
        config.ECR_LOCAL_DATA,
        (err) => {
          logger.fatal({ err }, 'the data folder was removed or taken by another ecr-local');
          process.exit(1);
        },
        (file, consequence) =>
          logger.error({ file, consequence }, 'a file in the data folder is damaged'),
      ).catch((error: unknown) => {
        if (!(error instanceof DataFolderInUseError || error instanceof DataFolderError))
          throw error;
        throw new ServiceError(error.code, error.message, { cause: error });
      });
      const principals = await principalsOf(config.ECR_LOCAL_ROLES, config.HOST, logger);
      onClose('data folder', () => storage.close());

      const app = express().disable('x-powered-by').disable('etag');
      const server = createServer(app);
      const port = () => (server.address() as AddressInfo | null)?.port ?? config.PORT;
      const { handler, drain, close } = await createEcrLocal({
        storage,
        logger,
        region: config.AWS_REGION,
        protocol: config.ECR_LOCAL_PROTOCOL,
        host: () => `${clientAddress(config.HOST)}:${port()}`,
        loopback: isLoopback(config.HOST),
        immutableRepush: config.ECR_LOCAL_IMMUTABLE_REPUSH,
        upstreamAddresses: config.ECR_LOCAL_UPSTREAMS,
        secretsFile: config.ECR_LOCAL_SECRETS,
        scanner: scannerWith(config.ECR_LOCAL_ADVISORIES),
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
      return { server, health, drain };
    },
  });

async function principalsOf(
  file: string | undefined,
  host: string,
  logger: Logger,
): Promise<PrincipalsFile | undefined> {
  if (file === undefined) {
    logger.warn(
      { loopback: isLoopback(host) },
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

if (isScanWorker()) runScanWorker();
else void serve();
