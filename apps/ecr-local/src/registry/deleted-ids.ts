import { type ImageIdentifier } from './ecr-types';
import { type ImageView, type StoredImage } from './images';

/** What a change has deleted, one entry per tag as ECR answers it. A tag that is on another image now was moved. */
export function deletedIds(
  before: readonly StoredImage[],
  after: Pick<ImageView, 'get' | 'tagged'>,
): ImageIdentifier[] {
  return before.flatMap(({ digest: imageDigest, tags }) => {
    const gone = tags.filter((tag) => after.tagged(tag) === undefined);
    if (gone.length > 0) return gone.map((imageTag) => ({ imageDigest, imageTag }));
    return after.get(imageDigest) ? [] : [{ imageDigest }];
  });
}
