import { ImageRegistryError } from './errors';

/**
 * The OCI distribution specification's tag, at most 128 characters. ECR itself takes 300; the stricter of the two
 * holds, so that every registry and client takes our tags.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
 */
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** In words. */
export const tagRule =
  '1 to 128 letters, digits, "_", "." or "-", the first a letter, digit or "_"';

export class TagError extends ImageRegistryError {
  constructor(
    readonly code:
      | 'INVALID_TAG'
      | 'INVALID_TAG_TEMPLATE'
      | 'TAG_VARIABLE_MISSING'
      | 'TAG_RESERVED'
      | 'INVALID_COMMIT'
      | 'INVALID_VERSION'
      | 'DIRTY_TREE',
    message: string,
  ) {
    super(message);
  }
}

export function isTag(tag: string): boolean {
  return tagPattern.test(tag);
}
