import { type Variables } from '@typerush/child-process';
import path from 'node:path';
import { loadInto } from '@typerush/image-build';
import { type BlobSource, dockerArchives, OciLayout } from '@typerush/oci';
import { type ImageToVerify, type PlatformToVerify } from './image-to-verify';
import { ContainerRunner } from './run/container-runner';
import { type ImageRunner } from './run/image-runner';
import { NodeRunner } from './run/node-runner';

export interface RunnerServices {
  readonly variables: Variables;
  /** `os/architecture` of the containers of this machine. */
  readonly hostPlatform: string;
  /** The layers of the base image, which the layout of the image does not contain. */
  readonly layersOfBase: (image: ImageToVerify) => BlobSource;
}

/** The ways to run an image, the one that tests the most first. */
export function imageRunners(
  image: ImageToVerify,
  { built: { platform } }: PlatformToVerify,
  { variables, hostPlatform, layersOfBase }: RunnerServices,
): readonly ImageRunner[] {
  const { built, service } = image;
  const unsuitable =
    platform === hostPlatform
      ? undefined
      : `the image is for ${platform}, and this machine runs ${hostPlatform}`;
  const load = async (client: string, tag: string) => {
    const folder = path.join(service.outDir, built.layout);
    const layout = await OciLayout.open(folder, layersOfBase(image));
    const archives = await dockerArchives({ layout, digest: built.digest }, tag);
    const archive = archives.find((each) => each.platform === platform);
    if (archive) await loadInto(client, archive, variables);
  };
  return [
    new ContainerRunner({ name: 'docker', variables, load, unsuitable }),
    new ContainerRunner({ name: 'podman', variables, load, unsuitable }),
    new NodeRunner(),
  ];
}
