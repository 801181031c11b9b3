import { type BaseImage } from '../base/base-source';
import { type FinalStage, type StageConfig } from '../dockerfile/final-stage';
import { type Layer } from '../layer/create-layer';
import { type ImageConfig, type RunConfig } from '../manifest';
import { platformOf } from '../platform';
import { canonicalRunConfig } from './canonical-config';

/** The time of everything built here: an image's digest must not depend on the clock. */
export const CREATED = '1970-01-01T00:00:00Z';

/** The config of a base with a stage on top; https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
export function imageConfig(
  base: BaseImage,
  stage: FinalStage,
  layers: readonly Pick<Layer, 'diffId'>[],
  labels: Readonly<Record<string, string>>,
): ImageConfig {
  const merged = mergeConfig(base.config.config ?? {}, stage.config);
  const { rootfs, history } = base.config;
  return {
    created: CREATED,
    ...platformOf(base.config),
    config: canonicalRunConfig({ ...merged, Labels: { ...merged.Labels, ...labels } }),
    rootfs: {
      type: 'layers',
      diff_ids: [...rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)],
    },
    history: [...(history ?? []), ...stageHistory(stage.steps)],
  };
}

/** What `docker history` shows of the steps of a stage. */
export function stageHistory(steps: FinalStage['steps']): NonNullable<ImageConfig['history']> {
  return steps.map(({ createdBy, emptyLayer }) => ({
    created: CREATED,
    created_by: createdBy,
    comment: 'typerush.oci',
    ...(emptyLayer ? { empty_layer: true } : {}),
  }));
}

function mergeConfig(base: RunConfig, stage: StageConfig): RunConfig {
  const merged: RunConfig = {
    ...base,
    Env: mergeEnv(base.Env ?? [], stage.env),
    Labels: { ...base.Labels, ...stage.labels },
    ExposedPorts: {
      ...base.ExposedPorts,
      ...Object.fromEntries(stage.exposedPorts.map((port) => [port, {}])),
    },
  };
  if (stage.workingDir !== undefined) merged.WorkingDir = stage.workingDir;
  if (stage.user !== undefined) merged.User = stage.user;
  if (stage.stopSignal !== undefined) merged.StopSignal = stage.stopSignal;
  if (stage.healthcheck !== undefined) merged.Healthcheck = stage.healthcheck;
  if (stage.entrypoint !== undefined) {
    merged.Entrypoint = [...stage.entrypoint];
    // The base's CMD was meant for the base's ENTRYPOINT: docker drops it too.
    delete merged.Cmd;
  }
  if (stage.cmd !== undefined) merged.Cmd = [...stage.cmd];
  return merged;
}

function mergeEnv(base: readonly string[], added: Readonly<Record<string, string>>): string[] {
  const values = new Map(base.map((pair) => [pair.split('=', 1)[0] ?? '', pair]));
  for (const [name, value] of Object.entries(added)) values.set(name, `${name}=${value}`);
  return [...values.values()];
}
