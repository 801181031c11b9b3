import { isTagImmutable, type TagMutabilitySetting } from './tag-mutability';

/** `conflict`: the tag points to another image, and stays there. */
export type TagAction = 'create' | 'move' | 'keep' | 'conflict';

export interface TagChange {
  readonly tag: string;
  readonly action: TagAction;
  /** The image that the tag points to before the change; undefined if the tag does not exist. */
  readonly currentDigest?: string;
  /** Whether the repository does not let the tag move; only of a `conflict`. */
  readonly immutable?: boolean;
}

export interface TagRequest {
  /** The image that the tags are to point to; undefined if it is not known yet. */
  readonly digest: string | undefined;
  readonly tags: readonly string[];
  /** By tag, the image that it points to in the repository. */
  readonly existing: ReadonlyMap<string, string>;
  readonly mutability: TagMutabilitySetting;
  /** Whether a tag of another image moves if the repository allows it. @default true */
  readonly move?: boolean;
}

/** What becomes of each requested tag. */
export function planTagChanges(request: TagRequest): readonly TagChange[] {
  return request.tags.map((tag) => planTagChange(tag, request));
}

function planTagChange(
  tag: string,
  { digest, existing, mutability, move = true }: TagRequest,
): TagChange {
  const currentDigest = existing.get(tag);
  if (currentDigest === undefined) return { tag, action: 'create' };
  if (currentDigest === digest) return { tag, action: 'keep', currentDigest };
  if (!move) return { tag, action: 'conflict', currentDigest };
  const { imageTagMutability, imageTagMutabilityExclusionFilters = [] } = mutability;
  return isTagImmutable(imageTagMutability, imageTagMutabilityExclusionFilters, tag)
    ? { tag, action: 'conflict', currentDigest, immutable: true }
    : { tag, action: 'move', currentDigest };
}

/** The tags to set: those first that move and so may be refused; then no other tag has changed. */
export function tagsToSet(changes: readonly TagChange[]): readonly string[] {
  return (['move', 'create'] as const).flatMap((action) =>
    changes.filter((change) => change.action === action).map(({ tag }) => tag),
  );
}
