import { type StageStep } from '../dockerfile/final-stage';
import { CREATED, stageHistory } from '../image/image-config';
import { type ImageConfig } from '../manifest';

type History = NonNullable<ImageConfig['history']>;

interface Sources {
  /** The whole history that the engine wrote. */
  readonly engine: History;
  /** Of a base that is explained. */
  readonly base: History;
  readonly steps?: readonly StageStep[];
  /** Of each layer above that base, whether it is in the image. */
  readonly kept: readonly boolean[];
}

/**
 * The base's history and, on top, the steps of the Dockerfile, or what the engine wrote about them where the Dockerfile
 * cannot be read: without times and without the names of containers.
 */
export function importedHistory({ engine, base, steps, kept }: Sources): History {
  const layers = steps?.filter(({ emptyLayer }) => !emptyLayer).length;
  if (steps && layers === kept.filter(Boolean).length) return [...base, ...stageHistory(steps)];
  let layer = 0;
  const above = engine.slice(base.length).map(({ created_by, empty_layer }) => {
    const isEmpty = empty_layer === true || kept[layer++] !== true;
    return { created: CREATED, created_by, ...(isEmpty ? { empty_layer: true } : {}) };
  });
  return [...base, ...above];
}
