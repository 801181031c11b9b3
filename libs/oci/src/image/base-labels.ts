import { type BaseInfo } from '../base/base-source';
import { withoutDigest } from '../base/pinned-base';

/** What stands under the image; https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md */
export function baseLabels({ reference, digest }: BaseInfo): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.base.name': withoutDigest(reference),
    ...(digest ? { 'org.opencontainers.image.base.digest': digest } : {}),
  };
}
