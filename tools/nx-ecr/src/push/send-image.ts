import path from 'node:path';
import { type TagPlan } from '@typerush/image-registry';
import { OciLayout, pushImage, type RegistryClient } from '@typerush/oci';
import { type BuiltImage } from '../built-image';
import { type Narrator } from '../engines/image-engine';

export interface SendRequest {
  readonly image: BuiltImage;
  /** The folder of `image.json`. */
  readonly outDir: string;
  readonly client: RegistryClient;
  readonly repository: string;
  /** Moving tags are set once all the fixed ones stand. */
  readonly tags: TagPlan;
}

export interface PushOutcome {
  readonly uploadedLayers: number;
  readonly presentLayers: number;
}

/** Sends what the registry lacks of an image, whichever engine built it. @throws OciError, RegistryError */
export async function sendImage(
  { image, outDir, client, repository, tags }: SendRequest,
  narrator: Narrator,
): Promise<PushOutcome> {
  const configs = image.platforms.map(({ configDigest }) => configDigest);
  const layers = { uploaded: 0, present: 0 };
  await pushImage({
    layout: await OciLayout.open(path.join(outDir, image.layout)),
    digest: image.digest,
    client,
    repository,
    tags,
    onProgress: (event) => {
      if (event.kind !== 'blob' || configs.includes(event.digest)) return;
      layers[event.action] += 1;
      narrator.progress(`${event.digest.slice(0, 19)} ${event.action}`);
    },
  });
  return { uploadedLayers: layers.uploaded, presentLayers: layers.present };
}
