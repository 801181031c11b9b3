import pMap from 'p-map';
import { type Blob } from '../blob-store';
import { type Descriptor } from '../manifest';
import { type RetryEvent } from '../registry/retry';
import {
  type ContentSource,
  type ContentTarget,
  type Manifest,
  type PushOutcome,
} from './content-store';
import {
  distinctBlobs,
  type ImageNode,
  readNode,
  resolveImage,
  selectPlatforms,
  walkImage,
} from './image-graph';

/** Repositories of the same registry that may have a blob; for each blob, or for all. */
export type MountFrom = readonly string[] | ((blob: Descriptor) => readonly string[]);

/** The progress of a copy. */
export type CopyEvent =
  /** Before the first byte is sent. */
  | ({ readonly kind: 'blob-start' } & Blob)
  /** Bytes sent so far; fewer than before if an upload restarts. */
  | ({ readonly kind: 'blob-progress'; readonly sentBytes: number } & Blob)
  /** The blob is in the target; once for each. */
  | ({ readonly kind: 'blob'; readonly action: PushOutcome } & Blob)
  | ({ readonly kind: 'manifest'; readonly action: 'uploaded' | 'present' } & Blob)
  | { readonly kind: 'tag'; readonly tag: string }
  | ({ readonly kind: 'retry' } & RetryEvent);

export type CopyListener = (event: CopyEvent) => void;

export interface CopyOptions {
  /** `os/architecture`. One is copied as its manifest, several as an index. @default all */
  readonly platforms?: readonly string[];
  /** Also copies the referrers of the image: signatures, SBOMs. @default false */
  readonly referrers?: boolean;
  /** Tags to set in this order once everything else is in the target. @default none: the image is stored by its digest */
  readonly tags?: readonly string[];
  /** @default none */
  readonly mountFrom?: MountFrom;
  /** Blobs that are copied at once. @default 4 */
  readonly parallel?: number;
  readonly onProgress?: CopyListener;
  /** Reports what would be copied, without changes. @default false */
  readonly planOnly?: boolean;
}

export interface CopiedBlob {
  readonly blob: Descriptor;
  /** `mounted`: from another repository of the registry. */
  readonly action: PushOutcome;
}

/** What was copied; with `planOnly`, what would be copied. */
export interface CopyResult {
  readonly manifest: Manifest;
  /** Whether the image was in the target before. */
  readonly present: boolean;
  /** Each once. */
  readonly blobs: readonly CopiedBlob[];
  readonly uploadedBytes: number;
  readonly mountedBytes: number;
  readonly presentBytes: number;
}

/**
 * Copies an image from one store to another: blobs, then manifests, each after those that it refers to, then tags.
 * A tag never points to an incomplete image, and content that the target has is not sent again.
 * @param reference A tag, a digest, or the descriptor of a manifest.
 * @throws OciError `IMAGE_MISSING`, `PLATFORM_MISSING`, `BLOB_MISSING`, `DIGEST_MISMATCH`; RegistryError
 */
export async function copy(
  source: ContentSource,
  reference: string | Descriptor,
  target: ContentTarget,
  options: CopyOptions = {},
): Promise<CopyResult> {
  const { onProgress, planOnly = false, tags = [] } = options;
  const descriptor =
    typeof reference === 'string' ? await resolveImage(source, reference) : reference;
  const top = await selectPlatforms(source, await readNode(source, descriptor), options.platforms);
  const nodes = await walkImage(source, top, options);
  const onRetry = (event: RetryEvent) => onProgress?.({ kind: 'retry', ...event });
  const into = target.observed?.({ onRetry }) ?? target;

  const present = await findPresent(into, nodes);
  const known = distinctBlobs([...present]);
  const digests = new Set(known.map(({ digest }) => digest));
  const missing = nodes.filter((node) => !present.has(node));
  const due = distinctBlobs(missing).filter(({ digest }) => !digests.has(digest));
  const actions = new Map<Descriptor, PushOutcome>();
  const done = (blob: Descriptor, action: PushOutcome) => {
    actions.set(blob, action);
    onProgress?.({ kind: 'blob', digest: blob.digest, size: blob.size, action });
  };
  for (const blob of known) done(blob, 'present');
  await copyBlobs(source, into, due, options, done);
  const blobs = [...known, ...due].map((blob) => ({
    blob,
    action: actions.get(blob) ?? 'uploaded',
  }));
  if (!planOnly) await copyManifests(into, nodes, present, top, options);
  for (const tag of planOnly ? [] : tags) {
    await into.tag(top, tag);
    onProgress?.({ kind: 'tag', tag });
  }
  const bytes = (action: PushOutcome) =>
    blobs.reduce((sum, one) => (one.action === action ? sum + one.blob.size : sum), 0);
  return {
    manifest: { descriptor: top.descriptor, bytes: top.bytes },
    present: present.has(top),
    blobs,
    uploadedBytes: bytes('uploaded'),
    mountedBytes: bytes('mounted'),
    presentBytes: bytes('present'),
  };
}

/** The manifests that the target has with all content that they refer to. */
async function findPresent(
  target: ContentTarget,
  nodes: readonly ImageNode[],
): Promise<ReadonlySet<ImageNode>> {
  const present = new Set<ImageNode>();
  if (!target.checksReferences) return present;
  const covered = new Set<string>();
  for (const node of [...nodes].reverse()) {
    if (!covered.has(node.descriptor.digest) && !(await target.exists(node.descriptor))) continue;
    present.add(node);
    for (const { digest } of node.children) covered.add(digest);
  }
  return present;
}

async function copyBlobs(
  source: ContentSource,
  target: ContentTarget,
  blobs: readonly Descriptor[],
  { parallel, planOnly = false, mountFrom = [], onProgress }: CopyOptions,
  done: (blob: Descriptor, action: PushOutcome) => void,
): Promise<void> {
  const stop = new AbortController();
  const into = target.observed?.({ signal: stop.signal }) ?? target;
  const mountsOf = (blob: Descriptor) =>
    typeof mountFrom === 'function' ? mountFrom(blob) : mountFrom;
  const one = (blob: Descriptor): Promise<PushOutcome> => {
    if (planOnly) return planBlob(into, blob, mountsOf(blob));
    const { digest, size } = blob;
    return into.push(blob, () => source.fetch(blob), {
      mountFrom: mountsOf(blob),
      onStart: () => onProgress?.({ kind: 'blob-start', digest, size }),
      onSent: (sentBytes) => onProgress?.({ kind: 'blob-progress', digest, size, sentBytes }),
    });
  };
  const failures: unknown[] = [];
  const copyOne = async (blob: Descriptor) => {
    if (stop.signal.aborted) return;
    try {
      done(blob, await one(blob));
    } catch (error) {
      failures.push(error);
      stop.abort();
    }
  };
  // The error is thrown after all uploads have ended, since the caller may close the stores then.
  await pMap(blobs, copyOne, { concurrency: parallel ?? (planOnly ? 8 : 4) });
  if (failures.length > 0) throw failures[0];
}

async function planBlob(
  target: ContentTarget,
  blob: Descriptor,
  mountFrom: readonly string[],
): Promise<PushOutcome> {
  if (await target.exists(blob)) return 'present';
  return (await target.canMount?.(blob, mountFrom)) ? 'mounted' : 'uploaded';
}

/** The manifest of a tagged image is stored together with its first tag. */
async function copyManifests(
  target: ContentTarget,
  nodes: readonly ImageNode[],
  present: ReadonlySet<ImageNode>,
  top: ImageNode,
  { tags = [], onProgress }: CopyOptions,
): Promise<void> {
  for (const node of nodes) {
    const { descriptor, bytes } = node;
    const tagged = node === top && tags.length > 0;
    if (!present.has(node) && !tagged) await target.push(descriptor, async () => bytes);
    const { digest, size } = descriptor;
    const action = present.has(node) ? 'present' : 'uploaded';
    onProgress?.({ kind: 'manifest', digest, size, action });
  }
}
