import { evaluateLifecyclePolicy, type StoredImage } from './lifecycle/evaluator';
import { type LifecyclePolicy } from './lifecycle/policy';

/**
 * USD for a GB of a private repository for a month, the same in nearly every region, and for archived images as for
 * others up to 150 TB. https://aws.amazon.com/ecr/pricing/
 */
export const storagePricePerGbMonth = 0.1;

/** USD a month for a whole registry, unless declared otherwise. */
export const defaultMonthlyBudget = 5;

/** A decimal GB, so that an estimate errs on the high side: a bill in units of 2^30 bytes is 7 % lower. */
const bytesPerGb = 1e9;

export interface StoredBlob {
  readonly digest: string;
  readonly size: number;
}

/** An image and what it brings into its repository. */
export interface SizedImage extends StoredImage {
  /** Its config and layers, as they are stored (compressed); none for a manifest list. */
  readonly blobs: readonly StoredBlob[];
}

/** The part of one image in what its repository stores, in bytes. */
export interface ImageStorage<Image extends SizedImage = SizedImage> {
  readonly image: Image;
  /** All that it refers to. */
  readonly bytes: number;
  /** What no other image refers to: what would go with it. */
  readonly ownBytes: number;
  /** Its share: images that refer to the same layer share its size equally. The shares add up to the whole. */
  readonly shareBytes: number;
}

/**
 * What a repository stores, in bytes: every blob once, however many of its images refer to it. ECR keeps, and bills, a layer
 * once per repository; in another repository it is another copy, unless blob mounting is on for the account.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/blob-mounting.html
 */
export function storedBytes(images: readonly Pick<SizedImage, 'blobs'>[]): number {
  const sizes = new Map(
    images.flatMap(({ blobs }) => blobs.map((each) => [each.digest, each.size])),
  );
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

/**
 * The part of each image, largest share first. An image that a manifest list refers to is part of that list, and no row of
 * its own.
 */
export function imageStorage<Image extends SizedImage>(
  images: readonly Image[],
): readonly ImageStorage<Image>[] {
  const byDigest = new Map(images.map((image) => [image.digest, image]));
  const referredTo = new Set(images.flatMap(({ children }) => children ?? []));
  const whole = images
    .filter(({ digest }) => !referredTo.has(digest))
    .map((image) => ({ image, blobs: blobsBelow(image, byDigest) }));
  const holders = new Map<string, number>();
  for (const { blobs } of whole) {
    for (const digest of blobs.keys()) holders.set(digest, (holders.get(digest) ?? 0) + 1);
  }
  return whole
    .map(({ image, blobs }) => {
      const sum = (part: (size: number, held: number) => number) =>
        [...blobs].reduce(
          (total, [digest, size]) => total + part(size, holders.get(digest) ?? 1),
          0,
        );
      return {
        image,
        bytes: sum((size) => size),
        ownBytes: sum((size, held) => (held === 1 ? size : 0)),
        shareBytes: sum((size, held) => size / held),
      };
    })
    .sort((a, b) => b.shareBytes - a.shareBytes);
}

function blobsBelow(top: SizedImage, byDigest: ReadonlyMap<string, SizedImage>) {
  const blobs = new Map<string, number>();
  const seen = new Set<string>();
  const waiting = [top];
  for (let image = waiting.pop(); image !== undefined; image = waiting.pop()) {
    if (seen.has(image.digest)) continue;
    seen.add(image.digest);
    for (const { digest, size } of image.blobs) blobs.set(digest, size);
    for (const child of image.children ?? []) {
      const found = byDigest.get(child);
      if (found) waiting.push(found);
    }
  }
  return blobs;
}

/**
 * The bytes that a policy frees of a repository at a moment, in as many runs as it takes: the images of a manifest list go
 * in the run after the one that takes the list.
 */
export function bytesFreedBy(
  policy: LifecyclePolicy,
  images: readonly SizedImage[],
  now: Date,
): number {
  let remaining = images;
  for (;;) {
    const expired = new Set(
      evaluateLifecyclePolicy(policy, remaining, now)
        .filter(({ action }) => action.type === 'expire')
        .map(({ image }) => image),
    );
    if (expired.size === 0) return storedBytes(images) - storedBytes(remaining);
    remaining = remaining.filter((image) => !expired.has(image));
  }
}

/** USD for so many bytes for a month. */
export function monthlyStorageCost(
  bytes: number,
  pricePerGbMonth = storagePricePerGbMonth,
): number {
  return (bytes / bytesPerGb) * pricePerGbMonth;
}
