import { z } from 'zod';
import { type Vulnerability } from '@typerush/image-scanning';
import { type Scanner, type ScanOutcome, type ScanType } from '../scanning/scanner';
import { type DocumentStore, openCollection } from '../storage/document-store';
import { createKeyedMutex } from '../storage/keyed-mutex';
import { type StoredImage } from './images';
import { type Registry } from './registry';
import { type Repository } from './repository';
import { imageScanned } from './ecr-events';
import { imageLayers } from './image-layers';

const recordSchema = z.object({
  repositoryId: z.string(),
  digest: z.string(),
  scanType: z.enum(['BASIC', 'ENHANCED']),
  status: z.enum(['IN_PROGRESS', 'COMPLETE', 'FAILED', 'UNSUPPORTED_IMAGE']),
  description: z.string().optional(),
  requestedAt: z.iso.datetime(),
  completedAt: z.iso.datetime().optional(),
  advisoriesModifiedAt: z.string().optional(),
});

/** The latest scan of an image by one type of scanning. */
export type ScanRecord = Readonly<z.infer<typeof recordSchema>>;

/** The scans of all registries. Their state survives a restart; one that was interrupted is repeated. */
export interface ImageScans {
  /** Whether there are advisories to scan with. */
  readonly isConfigured: boolean;
  /** Durable once resolved; the scan itself runs afterwards, one at a time. */
  start(registry: Registry, repository: Repository, image: StoredImage): Promise<ScanRecord>;
  latest(repository: Repository, digest: string, scanType: ScanType): ScanRecord | undefined;
  findings(record: ScanRecord): Promise<readonly Vulnerability[]>;
  /** For images that were deleted. */
  forget(repository: Repository, digests: readonly string[]): void;
  /** Repeats what a kill has interrupted, and forgets what does not exist any more. For the start. */
  resume(registries: readonly Registry[]): Promise<void>;
  /** Resolves when no scan is running or waiting. */
  finished(): Promise<void>;
  /** What waits is done after the next start. */
  close(): Promise<void>;
}

/** @param scanner undefined without advisories */
export async function openImageScans(
  documents: DocumentStore,
  scanner: Scanner | undefined,
  onFailure: (error: unknown) => void,
): Promise<ImageScans> {
  const records = openCollection(documents, 'image-scans', recordSchema);
  const findingsCollection = 'image-scan-findings';
  const known = new Map<string, ScanRecord>();
  for (const { key, document } of await records.list()) known.set(key, document);
  let queue: Promise<void> = Promise.resolve();
  let isClosing = false;

  const inTurn = createKeyedMutex();
  const put = async (record: ScanRecord) => {
    await records.put(keyOf(record), record);
    known.set(keyOf(record), record);
    return record;
  };
  /** The record goes last: after a kill in between, the next start finds it and removes both. */
  const remove = (key: string) => {
    known.delete(key);
    return inTurn(key, async () => {
      if (known.has(key)) return;
      await documents.delete(findingsCollection, key);
      await records.delete(key);
    });
  };
  /** The record comes last: without it there are no findings. Nothing is written for an image that was deleted meanwhile. */
  const finish = (record: ScanRecord, ended: ScanRecord, found: readonly Vulnerability[]) =>
    inTurn(keyOf(record), async () => {
      if (isClosing || known.get(keyOf(record)) !== record) return undefined;
      if (ended.status === 'COMPLETE') {
        await documents.put(findingsCollection, keyOf(record), { vulnerabilities: found });
      }
      if (known.get(keyOf(record)) === record) return put(ended);
      await documents.delete(findingsCollection, keyOf(record));
      return undefined;
    });
  const run = async (registry: Registry, name: string, record: ScanRecord) => {
    const repository = registry.repositories.find(name);
    const image = repository?.images.get(record.digest);
    if (!scanner || isClosing || known.get(keyOf(record)) !== record) return;
    if (repository?.id !== record.repositoryId || !image) return remove(keyOf(record));
    const layers = await imageLayers(registry, repository, image);
    const outcome = await scanner.scan(layers, record.scanType);
    const found = outcome.status === 'complete' ? outcome.vulnerabilities : [];
    const ended = {
      ...record,
      completedAt: registry.clock().toISOString(),
      ...resultOf(record, outcome),
    };
    // A scan that the end of the process stopped is repeated.
    const finished = await finish(record, ended, found);
    if (finished) registry.publish(imageScanned(registry, repository, image, finished, found));
  };
  const enqueue = (registry: Registry, { name }: Repository, record: ScanRecord) => {
    queue = queue.then(() => run(registry, name, record)).catch(onFailure);
  };

  return {
    isConfigured: scanner !== undefined,
    start: async (registry, repository, { digest }) => {
      const { scanType } = registry.configuration.get().scanning;
      const requestedAt = registry.clock().toISOString();
      const repositoryId = repository.id;
      const requested = {
        repositoryId,
        digest,
        scanType,
        status: 'IN_PROGRESS',
        requestedAt,
      } as const;
      const record = await inTurn(keyOf(requested), () => put(requested));
      enqueue(registry, repository, record);
      return record;
    },
    latest: ({ id: repositoryId }, digest, scanType) =>
      known.get(keyOf({ repositoryId, digest, scanType })),
    findings: async (record) => {
      const document = await documents.get(findingsCollection, keyOf(record));
      // Written by this program, and never edited.
      return (
        (document as { vulnerabilities?: readonly Vulnerability[] } | undefined)?.vulnerabilities ??
        []
      );
    },
    forget: ({ id: repositoryId }, digests) => {
      for (const digest of digests) {
        for (const scanType of ['BASIC', 'ENHANCED'] as const) {
          const key = keyOf({ repositoryId, digest, scanType });
          if (known.has(key)) void remove(key).catch(onFailure);
        }
      }
    },
    resume: async (registries) => {
      const repositories = new Map(
        registries.flatMap((registry) =>
          registry.repositories
            .list()
            .map((repository) => [repository.id, { registry, repository }] as const),
        ),
      );
      for (const [key, record] of [...known]) {
        const at = repositories.get(record.repositoryId);
        if (!at?.repository.images.get(record.digest)) await remove(key);
        else if (record.status === 'IN_PROGRESS') enqueue(at.registry, at.repository, record);
      }
    },
    finished: () => queue,
    close: async () => {
      isClosing = true;
      await scanner?.close();
      await queue;
    },
  };
}

const keyOf = ({
  repositoryId,
  digest,
  scanType,
}: Pick<ScanRecord, 'repositoryId' | 'digest' | 'scanType'>) =>
  `${repositoryId} ${digest} ${scanType}`;

function resultOf({ scanType }: ScanRecord, outcome: ScanOutcome): Partial<ScanRecord> {
  if (outcome.status !== 'complete') return failureOf(scanType, outcome);
  const { notes, advisoriesModifiedAt } = outcome;
  return {
    status: 'COMPLETE',
    description: ['The scan was completed successfully.', ...notes].join(' '),
    ...(advisoriesModifiedAt !== undefined && { advisoriesModifiedAt }),
  };
}

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning-troubleshooting.html */
export function failureOf(
  scanType: ScanType,
  { status, reason }: { readonly status: 'unsupported' | 'failed'; readonly reason: string },
): Pick<ScanRecord, 'status' | 'description'> {
  if (status === 'failed') return { status: 'FAILED', description: `ScanFailed: ${reason}` };
  return {
    status: scanType === 'BASIC' ? 'FAILED' : 'UNSUPPORTED_IMAGE',
    description: `UnsupportedImageError: ${reason}`,
  };
}
