import { z } from 'zod';
import { type StoredLog } from '../storage/log-store';
import { type ImageChange, Images, type StoredImage } from './images';
import { type Repository, type RepositorySettings, settingsSchema } from './repository';

/** What a repository's log holds: the settings first and after each change, images as they come, change and go, pulls. */
export type RepositoryRecord =
  | { readonly settings: RepositorySettings }
  | { readonly image: StoredImage }
  | { readonly removed: string }
  | { readonly pulled: Readonly<Record<string, string>> };

export const recordsOfChanges = (changes: readonly ImageChange[]): RepositoryRecord[] =>
  changes.map(([digest, image]) => (image ? { image } : { removed: digest }));

export function settingsOf({ images, ...settings }: Repository): RepositorySettings {
  void images;
  return settings;
}

const recordsInBatch = 250;

/** The shortest log of the repository. In batches, so that no line of it is long. */
export function* snapshotOf(repository: Repository): Iterable<RepositoryRecord[]> {
  yield [{ settings: settingsOf(repository) }];
  const images = repository.images.values();
  for (let start = 0; start < images.length; start += recordsInBatch) {
    yield images.slice(start, start + recordsInBatch).map((image) => ({ image }));
  }
  const pulls = repository.images.recordedPulls();
  for (let start = 0; start < pulls.length; start += recordsInBatch) {
    yield [{ pulled: Object.fromEntries(pulls.slice(start, start + recordsInBatch)) }];
  }
}

/** How many records {@link snapshotOf} has at most. */
export const snapshotSize = ({ images }: Repository): number => 2 * images.size + 1;

/**
 * The repository that a log describes. The checksums of the log have proved that this program wrote its records, and the
 * mark of the data folder in which form, so only the settings are checked again.
 */
export function replay({ key, records, source }: StoredLog): Repository {
  const byDigest = new Map<string, StoredImage>();
  const pulls = new Map<string, string>();
  let settings: unknown;
  for (const record of records as readonly RepositoryRecord[]) {
    if ('image' in record) byDigest.set(record.image.digest, record.image);
    else if ('removed' in record) {
      byDigest.delete(record.removed);
      pulls.delete(record.removed);
    } else if ('pulled' in record) {
      for (const [digest, at] of Object.entries(record.pulled)) pulls.set(digest, at);
    } else settings = record.settings;
  }
  const images = new Images();
  images.apply(byDigest);
  for (const [digest, at] of pulls) images.recordPull(digest, at);
  const parsed = settingsSchema.safeParse(settings);
  if (parsed.success && parsed.data.id === key) return { ...parsed.data, images };
  throw new Error(
    `${source} is not the log of a repository: ${parsed.error?.message ?? 'it has the id of another'}. ` +
      'Restore it, or start with another data folder.',
  );
}

/** A repository and everything in it, but for bytes, as earlier versions kept it: in one document. */
export const formerDocumentSchema = settingsSchema.extend({
  images: z.array(
    z.object({
      digest: z.string(),
      mediaType: z.string(),
      artifactType: z.string().optional(),
      annotations: z.record(z.string(), z.string()).optional(),
      manifestSize: z.number(),
      size: z.number(),
      pushedAt: z.iso.datetime(),
      pulledAt: z.iso.datetime().optional(),
      tags: z.array(z.string()),
      blobs: z.array(z.string()),
      children: z.array(z.string()),
      subject: z.string().optional(),
    }),
  ),
});

export function fromFormerDocument(document: z.infer<typeof formerDocumentSchema>): Repository {
  const { images: former, ...settings } = document;
  const images = new Images();
  for (const { pulledAt, ...image } of former) {
    images.apply([[image.digest, image]]);
    if (pulledAt !== undefined) images.recordPull(image.digest, pulledAt);
  }
  return { ...settings, images };
}
