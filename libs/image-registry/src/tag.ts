import { ImageRegistryError } from './errors';

/**
 * The OCI distribution specification's tag, at most 128 characters. ECR itself takes 300; the stricter of the two
 * holds, so that every registry and client takes our tags.
 * https://github.com/opencontainers/distribution-spec/blob/v1.1.0/spec.md#pulling-manifests
 */
const tagPattern = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$/;

/** For messages. */
export const tagRule =
  '1 to 128 letters, digits, "_", "." or "-", the first a letter, digit or "_"';

export class TagError extends ImageRegistryError {
  constructor(
    readonly code:
      | 'TAG_NAME_INVALID'
      | 'TAG_TEMPLATE_INVALID'
      | 'TAG_VARIABLE_MISSING'
      | 'TAG_RESERVED'
      | 'COMMIT_INVALID'
      | 'VERSION_INVALID'
      | 'DIRTY_TREE',
    message: string,
  ) {
    super(message);
  }
}

export function isTag(tag: string): boolean {
  return tagPattern.test(tag);
}
