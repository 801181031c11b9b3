import { type Digest } from '../../digest';
import { type UploadOutcome } from '../registry-client';
import { type RetryEvent } from '../retry';

export interface PushedTag {
  readonly tag: string;
  readonly action: 'created' | 'moved' | 'unchanged';
}

interface OfBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** What a push tells while it runs. */
export type PushEvent =
  /** Bytes are about to be sent. */
  | ({ readonly kind: 'blob-start' } & OfBlob)
  /** Bytes sent so far; fewer than before when an upload has to start anew. */
  | ({ readonly kind: 'blob-progress'; readonly sentBytes: number } & OfBlob)
  /** The blob stands; told once for each. */
  | ({ readonly kind: 'blob'; readonly action: UploadOutcome } & OfBlob)
  | ({ readonly kind: 'manifest'; readonly action: 'uploaded' | 'present' } & OfBlob)
  | ({ readonly kind: 'tag' } & PushedTag)
  | ({ readonly kind: 'retry' } & RetryEvent);

export type PushListener = (event: PushEvent) => void;
