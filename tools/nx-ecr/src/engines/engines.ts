import { DockerEngine } from './docker/docker-engine';
import { type ImageEngine } from './image-engine';
import { OciEngine } from './oci/oci-engine';

type Variables = Readonly<Record<string, string | undefined>>;

/** Every engine, in the order in which `auto` tries them. */
export const engines = (variables: Variables): readonly ImageEngine[] => [
  new DockerEngine(variables),
  new OciEngine(variables),
];
