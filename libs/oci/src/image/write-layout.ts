import { OciLayout } from '../layout';
import { fileOf, manifestsOf, topOf, type WholeImage } from './whole-image';

/**
 * Writes an image with all its blobs as an OCI layout, which is sound at any moment: what a folder held before stays until
 * the image is whole.
 * @param name Becomes `org.opencontainers.image.ref.name` in the index: what tools call the image.
 */
export async function writeLayout(image: WholeImage, dir: string, name?: string): Promise<void> {
  const top = await topOf(image);
  const whole = await OciLayout.create(dir);
  const manifests = await manifestsOf(image.layout, top);
  for (const { descriptor, manifest } of manifests) {
    for (const blob of [...manifest.layers, manifest.config]) {
      await whole.writeFrom(blob, await fileOf(image, blob));
    }
    await whole.write(await image.layout.read(descriptor.digest));
  }
  await whole.write(await image.layout.read(top.digest));
  const annotations = name ? { annotations: { 'org.opencontainers.image.ref.name': name } } : {};
  await whole.setImages([{ ...top, ...annotations }]);
}
