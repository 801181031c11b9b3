import { digestOf } from '../storage/digest';

export const imageType = 'application/vnd.oci.image.manifest.v1+json';
export const indexType = 'application/vnd.oci.image.index.v1+json';

export interface SampleBlob {
  readonly bytes: Buffer;
  readonly digest: string;
}

export const sampleBlob = (text: string): SampleBlob => {
  const bytes = Buffer.from(text);
  return { bytes, digest: digestOf(bytes) };
};

export const descriptorOf = ({ bytes, digest }: SampleBlob, mediaType: string) => ({
  mediaType,
  digest,
  size: bytes.length,
});

/** A manifest over a config and one layer, both made from the text. */
export function sampleImage(text: string, further: Record<string, unknown> = {}) {
  const config = sampleBlob(`{"config":"${text}"}`);
  const layer = sampleBlob(`layer of ${text}`);
  const manifest = sampleBlob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: imageType,
      config: descriptorOf(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [descriptorOf(layer, 'application/vnd.oci.image.layer.v1.tar+gzip')],
      ...further,
    }),
  );
  return { config, layer, manifest, size: config.bytes.length + layer.bytes.length };
}

export const sampleIndex = (...images: { manifest: SampleBlob }[]) =>
  sampleBlob(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: indexType,
      manifests: images.map(({ manifest }) => descriptorOf(manifest, imageType)),
    }),
  );

type Send = (path: string, init?: RequestInit) => Promise<Response>;

export const pushBlob = (send: Send, name: string, { bytes, digest }: SampleBlob) =>
  send(`/v2/${name}/blobs/uploads/?digest=${digest}`, { method: 'POST', body: bytes });

export const putManifest = (
  send: Send,
  name: string,
  reference: string,
  { bytes }: SampleBlob,
  mediaType = imageType,
) =>
  send(`/v2/${name}/manifests/${reference}`, {
    method: 'PUT',
    body: bytes,
    headers: { 'content-type': mediaType },
  });

/** Pushes a sample image as docker does; answers what it pushed. */
export async function pushSample(send: Send, name: string, tag: string, text = tag) {
  const image = sampleImage(text);
  await pushBlob(send, name, image.config);
  await pushBlob(send, name, image.layer);
  const response = await putManifest(send, name, tag, image.manifest);
  if (response.status !== 201) throw new Error(await response.text());
  return image;
}
