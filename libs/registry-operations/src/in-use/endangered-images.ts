import { type LifecycleVerdict, type StoredImage } from '@typerush/image-registry';
import { type ImageUse, parseImageReference } from './image-use';

/** An image in use that a lifecycle policy would expire, or archive so that it cannot be pulled. */
export interface EndangeredImage {
  readonly verdict: LifecycleVerdict;
  readonly users: readonly string[];
}

export interface UseCheck {
  readonly endangered: readonly EndangeredImage[];
  /** Uses of images that are not in the repository. */
  readonly missing: readonly ImageUse[];
}

/** The uses of each repository, by its address. */
export function usesByRepository(uses: readonly ImageUse[]): ReadonlyMap<string, ImageUse[]> {
  const found = new Map<string, ImageUse[]>();
  for (const use of uses) {
    const { repositoryUri } = parseImageReference(use.image);
    const others = found.get(repositoryUri);
    if (others) others.push(use);
    else found.set(repositoryUri, [use]);
  }
  return found;
}

/**
 * Checks the verdicts of a repository against the uses of its images. An index counts as used if one of its images is.
 *
 * @param images All images of the repository; of indexes, with their children.
 */
export function checkUses(
  images: readonly StoredImage[],
  verdicts: readonly LifecycleVerdict[],
  uses: readonly ImageUse[],
): UseCheck {
  const byTag = new Map(images.flatMap(({ digest, tags }) => tags.map((tag) => [tag, digest])));
  const present = new Set(images.map(({ digest }) => digest));
  const users = new Map<string, Set<string>>();
  const missing: ImageUse[] = [];
  for (const use of uses) {
    const { digest: named, tag } = parseImageReference(use.image);
    const digest = named ?? byTag.get(tag);
    if (digest === undefined || !present.has(digest)) {
      missing.push(use);
      continue;
    }
    users.set(digest, (users.get(digest) ?? new Set()).add(use.user));
  }
  const usersOf = ({ digest, children = [] }: StoredImage) => [
    ...new Set([digest, ...children].flatMap((each) => [...(users.get(each) ?? [])])),
  ];
  return {
    missing,
    endangered: verdicts
      .map((verdict) => ({ verdict, users: usersOf(verdict.image) }))
      .filter((each) => each.users.length > 0),
  };
}
