import { type Logger, ServiceError } from '@typerush/service-kit';
import { DataFolderError } from '../storage/folder/data-folder';
import { DataFolderInUseError } from '../storage/folder/folder-lock';
import { openFolderStorage } from '../storage/folder/folder-storage';
import { limitStorage, type LimitedStorage } from '../storage/limited-storage';
import { createMemoryStorage } from '../storage/memory/memory-storage';
import { type Storage } from '../storage/storage';

export interface StorageSettings {
  /** undefined: memory */
  readonly folder: string | undefined;
  /** In bytes. */
  readonly limit: number | undefined;
}

/** @throws ServiceError if the folder cannot be used */
export async function openConfiguredStorage(
  { folder, limit }: StorageSettings,
  logger: Logger,
): Promise<Storage | LimitedStorage> {
  const storage = folder === undefined ? createMemoryStorage() : await openFolder(folder, logger);
  if (limit === undefined) return storage;
  try {
    return await limitStorage(storage, limit);
  } catch (error) {
    await storage.close();
    throw error;
  }
}

const openFolder = (folder: string, logger: Logger) =>
  openFolderStorage(
    folder,
    (err) => {
      logger.fatal({ err }, 'the data folder was removed or taken by another ecr-local');
      process.exit(1);
    },
    (file, consequence) =>
      logger.error({ file, consequence }, 'a file in the data folder is damaged'),
  ).catch((error: unknown) => {
    if (!(error instanceof DataFolderInUseError || error instanceof DataFolderError)) throw error;
    throw new ServiceError(error.code, error.message, { cause: error });
  });
