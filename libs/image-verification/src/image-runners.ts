import path from 'node:path';
import { type BlobSource, dockerArchives, OciLayout } from '@typerush/oci';
import { loadInto } from '@typerush/image-build';
import { ContainerRunner } from './run/container-runner';
import { type ImageRunner } from './run/image-runner';
import { NodeRunner } from './run/node-runner';
import { type PlatformSubject, type Subject } from './subject';

export interface RunnerServices {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** `os/architecture` of this machine's containers. */
  readonly hostPlatform: string;
  /** The layers of the image's base, which its layout leaves out. */
  readonly layersOfBase: (subject: Subject) => BlobSource;
}

/** The ways to run an image, the one that shows the most first. */
export function imageRunners(
  subject: Subject,
  platform: PlatformSubject,
  { variables, hostPlatform, layersOfBase }: RunnerServices,
): readonly ImageRunner[] {
  const { built, service } = subject;
  const unsuitable =
    platform.built.platform === hostPlatform
      ? undefined
      : `the image is for ${platform.built.platform}, and this machine runs ${hostPlatform}`;
  const load = async (client: string, tag: string) => {
    const folder = path.join(service.outDir, built.layout);
    const layout = await OciLayout.open(folder, layersOfBase(subject));
    const archives = await dockerArchives({ layout, digest: built.digest }, tag);
    const archive = archives.find((each) => each.platform === platform.built.platform);
    if (archive) await loadInto(client, archive, variables);
  };
  return [
    new ContainerRunner({ name: 'docker', variables, load, unsuitable }),
    new ContainerRunner({ name: 'podman', variables, load, unsuitable }),
    new NodeRunner(),
  ];
}
