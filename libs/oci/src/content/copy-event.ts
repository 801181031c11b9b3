import { type Digest } from '../digest';
import { type RetryEvent } from '../registry/retry';
import { type PushOutcome } from './content-store';

interface OfBlob {
  readonly digest: Digest;
  readonly size: number;
}

/** What a copy reports while it runs. */
export type CopyEvent =
  /** Bytes are about to be sent. */
  | ({ readonly kind: 'blob-start' } & OfBlob)
  /** Bytes sent so far; fewer than before if an upload has to start again. */
  | ({ readonly kind: 'blob-progress'; readonly sentBytes: number } & OfBlob)
  /** The blob is in the target; once for each. */
  | ({ readonly kind: 'blob'; readonly action: PushOutcome } & OfBlob)
  | ({ readonly kind: 'manifest'; readonly action: 'uploaded' | 'present' } & OfBlob)
  | { readonly kind: 'tag'; readonly tag: string }
  | ({ readonly kind: 'retry' } & RetryEvent);

export type CopyListener = (event: CopyEvent) => void;
