import { copy, type Descriptor, type Digest, MEDIA_TYPE, OciLayout } from '@typerush/oci';
import { type RemoteRegistry } from '../src/remote-registry';

/** Makes images of a few bytes, and pushes them as a client does. */
export class SampleImages {
  constructor(
    private readonly dir: string,
    private readonly registry: Pick<RemoteRegistry, 'open'>,
  ) {}

  /** An image of one layer that contains the text; `subject` makes it a referrer of another image. */
  async image(
    repository: string,
    text: string,
    { tags = [], subject }: { tags?: readonly string[]; subject?: Descriptor } = {},
  ): Promise<Descriptor> {
    const layout = await OciLayout.create(this.dir);
    const config = await layout.write(Buffer.from(JSON.stringify({ text })));
    const layer = await layout.write(Buffer.from(`layer of ${text}`));
    const manifest = {
      schemaVersion: 2,
      mediaType: MEDIA_TYPE.ociManifest,
      config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
      layers: [{ mediaType: MEDIA_TYPE.ociLayerGzip, ...layer }],
      ...(subject && { subject }),
    };
    return this.push(layout, repository, MEDIA_TYPE.ociManifest, manifest, tags);
  }

  /** An index of images in the repository. */
  async index(
    repository: string,
    manifests: readonly Descriptor[],
    tags: readonly string[],
  ): Promise<Descriptor> {
    const layout = await OciLayout.create(this.dir);
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPE.ociIndex, manifests };
    return this.push(layout, repository, MEDIA_TYPE.ociIndex, index, tags);
  }

  private async push(
    layout: OciLayout,
    repository: string,
    mediaType: string,
    manifest: object,
    tags: readonly string[],
  ): Promise<Descriptor> {
    const { digest, size } = await layout.write(Buffer.from(JSON.stringify(manifest)));
    const descriptor: Descriptor = { mediaType, digest: digest as Digest, size };
    await layout.setImages([...(await layout.images()), descriptor]);
    await copy(layout, digest, await this.registry.open(repository), { tags });
    return descriptor;
  }
}
