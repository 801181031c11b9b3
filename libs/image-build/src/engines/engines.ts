import { type EngineName } from '@typerush/pipeline-context';
import { DockerEngine } from './docker-engine';
import {
  type BuildRequest,
  type ImageEngine,
  type Unavailable,
  unavailableError,
} from './image-engine';
import { OciEngine } from './oci-engine';
import { PodmanEngine } from './podman-engine';

/** All engines, in the order in which `auto` tries them. */
export const engines = (variables: NodeJS.ProcessEnv): readonly ImageEngine[] => [
  new OciEngine(variables),
  new DockerEngine(variables),
  new PodmanEngine(variables),
];

export type EngineChoice = EngineName | 'auto';

export interface SelectedEngine {
  readonly engine: ImageEngine;
  /** Why it was selected, in one line. */
  readonly because: string;
}

/**
 * The requested engine, or with `auto` the first one that can build here.
 * @throws PipelineError with the code of the engine that cannot
 */
export async function selectEngine(
  choice: EngineChoice,
  candidates: readonly ImageEngine[],
  request: BuildRequest,
): Promise<SelectedEngine> {
  const skipped: Unavailable[] = [];
  for (const engine of candidates) {
    if (choice !== 'auto' && choice !== engine.name) continue;
    const found = await engine.detect(request);
    if (found.available) {
      const because = [...skipped.map(({ reason }) => reason), found.detail].join(' ');
      return { engine, because };
    }
    skipped.push(found);
  }
  throw unavailableError(...skipped);
}
