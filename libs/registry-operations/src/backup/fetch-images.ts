import { copy, type Descriptor, OciLayout, shortDigest } from '@typerush/oci';
import { megabytes, type ProgressReporter } from '@typerush/terminal-output';
import { type RemoteRegistry } from '../remote-registry';
import { type ImageRecord, type RepositoryBackup } from './backup-format';

export interface FetchedBytes {
  /** Bytes that came from the registry. */
  readonly fetchedBytes: number;
  /** Bytes that were in the folder already. */
  readonly presentBytes: number;
}

/** One layout for all repositories: content that they share is stored once. */
export async function fetchImages(
  dir: string,
  backups: readonly RepositoryBackup[],
  {
    registry,
    reporter,
  }: { readonly registry: RemoteRegistry; readonly reporter: ProgressReporter },
): Promise<FetchedBytes[]> {
  const layout = await OciLayout.create(dir);
  const index: Descriptor[] = [];
  const results: FetchedBytes[] = [];
  for (const { name, images } of backups) {
    const sum = { fetchedBytes: 0, presentBytes: 0 };
    const source = await registry.open(name);
    for (const image of images.filter(({ held }) => held)) {
      const copied = await copy(source, image.digest, layout);
      sum.fetchedBytes += copied.uploadedBytes;
      sum.presentBytes += copied.presentBytes;
      index.push(...named(name, image, copied.manifest.descriptor));
      reporter.progress(`${name} ${shortDigest(image.digest)} ${megabytes(copied.uploadedBytes)}`);
    }
    results.push(sum);
  }
  await layout.setImages(index);
  return results;
}

/** One entry for each tag, so that other tools find an image by `repository:tag`. */
function named(repository: string, { digest, tags }: ImageRecord, { mediaType, size }: Descriptor) {
  const names =
    tags.length > 0 ? tags.map((tag) => `${repository}:${tag}`) : [`${repository}@${digest}`];
  return names.map((name) => ({
    mediaType,
    digest,
    size,
    // https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md
    annotations: { 'org.opencontainers.image.ref.name': name },
  }));
}
