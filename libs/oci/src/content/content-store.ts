import { readFile } from 'node:fs/promises';
import { type Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { type Digest } from '../digest';
import { type Descriptor } from '../manifest';
import { type RetryEvent } from '../registry/retry';

/** Content that is not on this machine. `use` runs again if the stream breaks off. */
export interface RemoteContent {
  read<T>(use: (open: () => Promise<Readable>) => Promise<T>): Promise<T>;
}

/** The path of a file, bytes, or a stream. */
export type Content = string | Uint8Array | RemoteContent;

export interface Manifest {
  readonly descriptor: Descriptor;
  readonly bytes: Buffer;
}

export interface PushOptions {
  /** Repositories of the same registry that may have the content. */
  readonly mountFrom?: readonly string[];
  /** Called before the first byte is sent. */
  readonly onStart?: () => void;
  /** Bytes sent so far; fewer than before if the upload restarts. */
  readonly onSent?: (bytes: number) => void;
}

export type PushOutcome = 'uploaded' | 'present' | 'mounted';

/** A store to copy images from. */
export interface ContentSource {
  /** For messages. */
  readonly name: string;
  /** The manifest that a tag or digest points to; undefined if there is none. */
  resolve(reference: string): Promise<Descriptor | undefined>;
  exists(content: Descriptor): Promise<boolean>;
  /** @throws OciError `BLOB_MISSING`, or RegistryError, if the content does not exist */
  fetch(content: Descriptor): Promise<Content>;
  referrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]>;
}

/** A store to copy images to. */
export interface ContentTarget {
  readonly name: string;
  /** Whether a manifest can only exist here if all content that it refers to exists. */
  readonly checksReferences: boolean;
  exists(content: Descriptor): Promise<boolean>;
  /** Stores content unless it exists. @param source Called only if the content has to be stored. */
  push(
    content: Descriptor,
    source: () => Promise<Content>,
    options?: PushOptions,
  ): Promise<PushOutcome>;
  /** Stores a manifest under a tag in one step: if the tag is refused, the manifest is not stored. */
  tag(manifest: Manifest, tag: string): Promise<void>;
  /** Whether one of the repositories has the content, so that it need not be sent. */
  canMount?(content: Descriptor, mountFrom: readonly string[]): Promise<boolean>;
  /** The same target, which reports its retries and stops at the signal. */
  observed?(watch: { onRetry?: (event: RetryEvent) => void; signal?: AbortSignal }): ContentTarget;
}

export type ContentStore = ContentSource & ContentTarget;

export async function readContent(content: Content): Promise<Buffer> {
  if (typeof content === 'string') return readFile(content);
  return 'read' in content
    ? content.read(async (open) => buffer(await open()))
    : Buffer.from(content);
}
