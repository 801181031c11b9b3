import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import {
  createLogger,
  errorResponder,
  listen,
  notFoundResponder,
  trackConnections,
} from '@typerush/service-kit';
import express from 'express';
import { readPrincipalsFile } from '../access/principals-file';
import { createEcrLocal, type EcrLocal } from '../create-ecr-local';
import { openFolderStorage } from '../storage/folder/folder-storage';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type EcrLocalClock, type RunningEcrLocal, type StartOptions } from './running-ecr-local';
import { checkStartOptions, millisecondsOf } from './start-options';

const listeningOn = '127.0.0.1';
const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };

/** How long a request may go on while ecr-local is closed. */
const closeLimitMs = 1000;

/**
 * Starts Amazon ECR in this process, on 127.0.0.1.
 *
 * @throws TypeError for an option that is not valid
 * @throws Error if the port is in use, or the folder or the file of roles cannot be used
 */
export async function startEcrLocal(options: StartOptions = {}): Promise<RunningEcrLocal> {
  const { port, data, roles, clock, logLevel, ...settings } = checkStartOptions(options);
  const principals = roles === undefined ? undefined : await readPrincipalsFile(roles);
  const logger = createLogger({ service: 'ecr-local', level: logLevel });
  const closers: (() => unknown)[] = [];
  const closeAll = async () => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const storage = data === undefined ? createMemoryStorage(clock) : await openFolder(data);
    closers.push(() => storage.close());
    const app = express().disable('x-powered-by').disable('etag');
    const server = createServer(app);
    const address = () =>
      `${listeningOn}:${(server.address() as AddressInfo | null)?.port ?? port}`;
    const ecrLocal = await createEcrLocal({
      ...settings,
      storage,
      logger,
      host: address,
      loopback: true,
      clock,
      ...(principals && { principals }),
    });
    closers.push(() => ecrLocal.close());
    app.use(ecrLocal.handler).use(notFoundResponder()).use(errorResponder({ logger }));
    const closeConnections = trackConnections(server);
    const url = await listen(server, { host: listeningOn, port }, optionNames);
    closers.push(() => {
      const closed = closeConnections(closeLimitMs);
      ecrLocal.drain();
      return closed;
    });
    return running({ url, host: address(), ...settings }, ecrLocal, closeAll);
  } catch (error) {
    await closeAll();
    throw error;
  }
}

/** For the messages of `listen`, which are about variables in a service. */
const optionNames = { port: 'the option port', host: 'the option host' };

const openFolder = (folder: string) =>
  openFolderStorage(folder, (error) => {
    // Nothing can be stored any more; a test that goes on would fail for no visible reason.
    throw error;
  });

function running(
  where: Pick<RunningEcrLocal, 'url' | 'host' | 'account' | 'region'>,
  ecrLocal: EcrLocal,
  closeAll: () => Promise<void>,
): RunningEcrLocal {
  const { url, region } = where;
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= closeAll());
  return {
    ...where,
    clock: clockOf(ecrLocal),
    clientConfig: { endpoint: url, region, credentials },
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function clockOf({ clock, runDue }: EcrLocal): EcrLocalClock {
  return {
    now: () => clock(),
    advance: async (by) => {
      clock.advance(millisecondsOf(by));
      return runDue();
    },
    set: async (time) => {
      clock.set(time);
      return runDue();
    },
  };
}
