import { type Request } from 'express';
import { type Registry } from '../registry/registry';
import { layerBucket, type Repository } from '../registry/repository';
import { type Protocol } from './protocol';
import { isDigest } from '../storage/digest';

/**
 * Takes a blob over from another repository; its digest, or undefined when that cannot be done: mounting is off, the blob is
 * not there, no image there has it (as users of ECR report), or the repositories' encryption differs. The bytes are copied: each repository's go with it.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
 * https://github.com/aws/containers-roadmap/issues/2860
 */
export async function mountBlob(
  { settings, repositories, blobs, uploads }: Registry,
  to: Repository,
  { mount: digest, from }: Request['query'],
  protocol: Protocol,
): Promise<string | undefined> {
  if (settings.get('BLOB_MOUNTING') !== 'ENABLED') return undefined;
  if (typeof digest !== 'string' || !isDigest(digest)) return undefined;
  const source = typeof from === 'string' ? repositories.find(from) : undefined;
  if (!source || !haveSameEncryption(source, to)) return undefined;
  const isInImage = () => source.images.values().some(({ blobs: of }) => of.includes(digest));
  if (protocol === 'ecr' && !isInImage()) return undefined;
  if (!(await blobs.stat(layerBucket(source), digest))) return undefined;
  const bucket = layerBucket(to);
  const upload = await uploads.begin(bucket);
  await uploads.append(bucket, upload, 0, await blobs.read(layerBucket(source), digest));
  return (await uploads.commit(bucket, upload, digest)) === 'stored' ? digest : undefined;
}

function haveSameEncryption({ encryption: one }: Repository, { encryption: other }: Repository) {
  return one.encryptionType === other.encryptionType && one.kmsKey === other.kmsKey;
}
