import { type Logger, requestContext } from '@typerush/service-kit';
import { type Connection } from './connection';
import { loadEmbedded } from './embedded-connection';
import { connectPostgres } from './postgres-connection';

/** The database settings of the configuration. */
export interface DatabaseConfig {
  readonly DATABASE_URL?: string | undefined;
  readonly DATABASE_POOL_SIZE: number;
  readonly PGLITE_DIR: string;
}

/**
 * Chooses the database: the server that DATABASE_URL names, otherwise the embedded one.
 * @throws ServiceError NO_EMBEDDED_DATABASE
 */
export async function databaseConnector(
  config: DatabaseConfig,
  logger: Logger,
): Promise<() => Promise<Connection>> {
  const { DATABASE_URL: url, DATABASE_POOL_SIZE: poolSize, PGLITE_DIR: folder } = config;
  if (!url) {
    const connectEmbedded = await loadEmbedded();
    return () => connectEmbedded(folder);
  }
  // A connection outlives the request it was opened for, and must not be logged under its id.
  const onError = ({ message }: Error) =>
    requestContext.run({}, () => logger.warn({ reason: message }, 'database connection lost'));
  return () => connectPostgres({ url, poolSize, onError });
}
