import { randomBytes } from 'node:crypto';
import { type Clock, systemClock } from '../../clock';
import { type Storage } from '../storage';
import { createMemoryBlobs } from './memory-blobs';
import { createMemoryDocuments } from './memory-documents';

/** For tests: gone with the process. */
export function createMemoryStorage(clock: Clock = systemClock): Storage {
  return {
    documents: createMemoryDocuments(),
    ...createMemoryBlobs(clock),
    tokenSecret: randomBytes(32),
    close: () => Promise.resolve(),
  };
}
