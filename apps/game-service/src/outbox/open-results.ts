import { type Logger, type Metrics } from '@typerush/service-kit';
import { type Config } from '../config';
import { FolderOutbox } from './folder-outbox';
import { MemoryOutbox } from './memory-outbox';
import { Outbox } from './outbox';
import { RecordWriter } from './record-writer';
import { noResults, type Results } from './results';

type OutboxConfig = Readonly<
  Pick<
    Config,
    'RECORD_SERVICE_URL' | 'SERVICE_TOKEN' | 'OUTBOX_DIR' | 'OUTBOX_LIMIT_MB' | 'SHUTDOWN_LIMIT'
  >
>;

/** How long a stop sends what is left; it stays in the folder otherwise. */
const longestFlushMs = 10_000;

/** The outbox of the configuration, running. @throws ServiceError OUTBOX_UNUSABLE */
export async function openResults(
  config: OutboxConfig,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): Promise<{ results: Results; close: () => Promise<void> }> {
  const { RECORD_SERVICE_URL: recordServiceUrl, SERVICE_TOKEN: serviceToken } = config;
  if (!recordServiceUrl || !serviceToken) {
    logger.info('results are not recorded: RECORD_SERVICE_URL is not set');
    return { results: noResults, close: async () => undefined };
  }
  const limitBytes = config.OUTBOX_LIMIT_MB * 1_000_000;
  const isInMemory = config.OUTBOX_DIR === 'memory';
  const store = isInMemory
    ? new MemoryOutbox(limitBytes)
    : await FolderOutbox.open(config.OUTBOX_DIR, limitBytes);
  if (isInMemory) logger.warn('results that wait are lost with this process: OUTBOX_DIR=memory');
  const writer = new RecordWriter({ recordServiceUrl, serviceToken });
  const outbox = new Outbox({ store, writer, logger, metrics });
  const flushMs = Math.min(longestFlushMs, config.SHUTDOWN_LIMIT / 2);
  return { results: outbox, close: () => outbox.close(flushMs) };
}
