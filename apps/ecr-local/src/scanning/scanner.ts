import { type Readable } from 'node:stream';
import { type Vulnerability } from '@typerush/image-scanning';

/** BASIC covers packages of the operating system, ENHANCED also those of npm. */
export type ScanType = 'BASIC' | 'ENHANCED';

export interface LayerToScan {
  readonly digest: string;
  readonly mediaType: string;
  open(): Promise<Readable>;
}

export interface ScanResult {
  readonly vulnerabilities: readonly Vulnerability[];
  /** What was not evaluated, for people. */
  readonly notes: readonly string[];
  /** ISO 8601: when the advisories were last changed. */
  readonly advisoriesModifiedAt?: string;
}

export type ScanOutcome =
  | ({ readonly status: 'complete' } & ScanResult)
  | { readonly status: 'unsupported' | 'failed'; readonly reason: string };

/** Scans one image after another. */
export interface Scanner {
  scan(layers: readonly LayerToScan[], scanType: ScanType): Promise<ScanOutcome>;
  close(): Promise<void>;
}
