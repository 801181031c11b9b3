import { type Clock } from '../clock';
import { type BlobStore, type UploadStore } from './blob-store';
import { type DocumentStore } from './document-store';
import { type LogStore } from './log-store';

/** All that outlives a restart. */
export interface Storage {
  readonly documents: DocumentStore;
  readonly logs: LogStore;
  readonly blobs: BlobStore;
  readonly uploads: UploadStore;
  /** By which blobs and uploads are written: no request moves it. */
  readonly clock: Clock;
  /** The key that authorization tokens are signed with; the same for the life of the storage. */
  readonly tokenSecret: Uint8Array;
  close(): Promise<void>;
}
