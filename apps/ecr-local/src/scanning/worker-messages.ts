import { type ScanOutcome, type ScanType } from './scanner';

/** What a worker thread is started for; `main.ts` is also its program. */
export interface ScanWorkerData {
  readonly role: 'scan-images';
  /** A folder or an archive. */
  readonly advisories: string;
}

export type ToWorker =
  | {
      readonly kind: 'scan';
      readonly scanType: ScanType;
      readonly layers: readonly { readonly digest: string; readonly mediaType: string }[];
    }
  /** The next bytes of a layer; without bytes it has ended. */
  | { readonly kind: 'bytes'; readonly layer: number; readonly bytes?: Uint8Array }
  | { readonly kind: 'unreadable'; readonly layer: number; readonly reason: string };

export type FromWorker =
  | { readonly kind: 'read'; readonly layer: number }
  | { readonly kind: 'outcome'; readonly outcome: ScanOutcome };
