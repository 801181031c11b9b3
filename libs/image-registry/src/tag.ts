import { ImageRegistryError } from './errors';

/**
 * The OCI distribution specification's tag, at most 128 characters. ECR itself takes 300; the stricter of the two
 * holds, so that every registry and client takes our tags.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
 */
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

export class TagError extends ImageRegistryError {
  constructor(
    readonly code: 'INVALID_TAG' | 'INVALID_COMMIT' | 'INVALID_VERSION' | 'DIRTY_TREE',
    message: string,
  ) {
    super(message);
  }
}

export function isTag(tag: string): boolean {
  return tagPattern.test(tag);
}

/** @throws TagError with the code INVALID_TAG. */
export function assertTag(tag: string): void {
  if (isTag(tag)) return;
  throw new TagError(
    'INVALID_TAG',
    `"${tag}" is not a tag: a tag is 1 to 128 letters, digits, "_", "." or "-", and starts with a letter, digit or "_".`,
  );
}
