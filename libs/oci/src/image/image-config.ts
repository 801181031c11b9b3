import { type BaseImage, type BaseInfo } from '../base/base-source';
import { withoutDigest } from '../base/pinned-base';
import { type FinalStage, type StageConfig } from '../dockerfile/final-stage';
import { type Layer } from '../layer/create-layer';
import { type ImageConfig, type RunConfig } from '../manifest';
import { platformOf } from '../platform';

/** The creation time of all images: a digest must not depend on the clock. */
export const CREATED = '1970-01-01T00:00:00Z';

export type History = NonNullable<ImageConfig['history']>;

/** The labels of the base image; https://github.com/opencontainers/image-spec/blob/v1.1.0/annotations.md */
export function baseLabels({ reference, digest }: BaseInfo): Readonly<Record<string, string>> {
  return {
    'org.opencontainers.image.base.name': withoutDigest(reference),
    ...(digest ? { 'org.opencontainers.image.base.digest': digest } : {}),
  };
}

/** The config of a stage on its base image; https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
export function imageConfig(
  base: BaseImage,
  stage: FinalStage,
  layers: readonly Pick<Layer, 'diffId'>[],
  labels: Readonly<Record<string, string>>,
): ImageConfig {
  const { rootfs, history, config } = base.config;
  return {
    created: CREATED,
    ...platformOf(base.config),
    config: canonicalRunConfig(mergeConfig(config ?? {}, stage.config), labels),
    rootfs: {
      type: 'layers',
      diff_ids: [...rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)],
    },
    history: [...(history ?? []), ...stageHistory(stage.steps)],
  };
}

/** The steps of a stage, as `docker history` shows them. */
export function stageHistory(steps: FinalStage['steps']): History {
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
    // As Docker does: the CMD of the base image belongs to its ENTRYPOINT.
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

/** Labels that builders add, unrelated to the image. */
const BUILDER_LABELS: ReadonlySet<string> = new Set(['io.buildah.version']);

/** The fields of the image, in this order; all others are details of the builder. */
const FIELDS = [
  'User',
  'ExposedPorts',
  'Env',
  'Entrypoint',
  'Cmd',
  'Volumes',
  'WorkingDir',
  'Labels',
  'StopSignal',
  'Healthcheck',
  'OnBuild',
  'Shell',
] as const;

/** One form for the configs of all builders, with these labels added: the same content has the same digest. */
export function canonicalRunConfig(
  config: RunConfig,
  labels: Readonly<Record<string, string>>,
): RunConfig {
  const Labels = Object.fromEntries(
    Object.entries({ ...config.Labels, ...labels }).filter(([name]) => !BUILDER_LABELS.has(name)),
  );
  const all: Record<string, unknown> = { ...config, Labels };
  return Object.fromEntries(
    FIELDS.filter((field) => !isEmpty(all[field])).map((field) => [field, sorted(all[field])]),
  );
}

/** Some builders omit empty values, some do not. */
function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === 0) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value as Record<string, unknown>);
  return Object.fromEntries(
    entries
      // Not with isEmpty: the value of a port or a volume is an empty object.
      .filter(([, item]) => item !== undefined && item !== null && item !== 0)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
