import { type EngineName, PipelineError } from '@typerush/pipeline-context';
import { type Availability, type BuildRequest, type ImageEngine } from './image-engine';

export type EngineChoice = EngineName | 'auto';

export interface SelectedEngine {
  readonly engine: ImageEngine;
  /** Why it was taken, in one line. */
  readonly because: string;
}

/**
 * The engine that was asked for, or with `auto` the first of `engines` that can build here.
 * @throws PipelineError with the engine's own code when it cannot
 */
export async function selectEngine(
  choice: EngineChoice,
  engines: readonly ImageEngine[],
  request: BuildRequest,
): Promise<SelectedEngine> {
  const candidates = engines.filter(({ name }) => choice === 'auto' || name === choice);
  const passed: Exclude<Availability, { available: true }>[] = [];
  for (const engine of candidates) {
    const found = await engine.detect(request);
    if (found.available) {
      const because = [...passed.map(({ reason }) => reason), found.detail].join(' ');
      return { engine, because };
    }
    passed.push(found);
  }
  throw new PipelineError(
    passed[0]?.code ?? 'ENGINE_UNKNOWN',
    passed.map(({ reason, remedy }) => `${reason} ${remedy}`).join('\n') ||
      `There is no engine "${choice}".`,
  );
}
