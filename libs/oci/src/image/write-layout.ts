import { copy } from '../content/copy';
import { type ImageSource } from './image-source';
import { OciLayout, REF_NAME } from '../layout';

/**
 * Writes an image with all its blobs as an OCI layout, which is sound at any moment: what a folder held before stays until
 * the image is complete.
 * @param name Becomes `org.opencontainers.image.ref.name` in the index: what tools call the image.
 */
export async function writeLayout(image: ImageSource, dir: string, name?: string): Promise<void> {
  const complete = await OciLayout.create(dir);
  const { manifest } = await copy(image.layout, image.digest, complete);
  const { annotations, ...top } = manifest.descriptor;
  const named = name ? { ...annotations, [REF_NAME]: name } : annotations;
  await complete.setImages([{ ...top, ...(named && { annotations: named }) }]);
}
