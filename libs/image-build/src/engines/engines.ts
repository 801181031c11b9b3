import { DockerEngine } from './docker/docker-engine';
import { type ImageEngine } from './image-engine';
import { OciEngine } from './oci/oci-engine';
import { PodmanEngine } from './podman/podman-engine';

type Variables = Readonly<Record<string, string | undefined>>;

/** Every engine, in the order in which `auto` tries them. */
export const engines = (variables: Variables): readonly ImageEngine[] => [
  new OciEngine(variables),
  new DockerEngine(variables),
  new PodmanEngine(variables),
];
