import { copy, type Descriptor, type Digest, OciLayout, RemoteRepository } from '@typerush/oci';
import { megabytes, type ProgressReporter } from '@typerush/terminal-output';
import { type RepositoryAccess } from '../repository-access';
import { type ImageRecord, type RepositoryRecord } from './backup-format';

export interface FetchedImages {
  readonly fetchedBytes: number;
  readonly presentBytes: number;
}

/** One layout for all repositories: what they share is kept once. */
export async function fetchImages(
  dir: string,
  records: readonly RepositoryRecord[],
  { open, reporter }: { readonly open: RepositoryAccess; readonly reporter: ProgressReporter },
): Promise<FetchedImages[]> {
  const layout = await OciLayout.create(dir);
  const index: Descriptor[] = [];
  const results: FetchedImages[] = [];
  for (const { name, images } of records) {
    const sum = { fetchedBytes: 0, presentBytes: 0 };
    const { client, path } = await open(name);
    const source = new RemoteRepository(client, path);
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

const shortDigest = (digest: Digest) => digest.slice(0, 'sha256:'.length + 12);
