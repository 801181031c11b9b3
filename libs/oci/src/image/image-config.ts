import { type BaseInfo } from '../base/base-source';
import { withoutDigest } from '../base/pinned-base';
import { type StageState } from '../dockerfile/read-stage';
import { type Layer } from '../layer/create-layer';
import { type ImageConfig, type RunConfig } from '../manifest';
import { type Platform, platformOf } from '../platform';

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

export interface HistoryStep {
  readonly createdBy: string;
  readonly emptyLayer: boolean;
}

/** The config of a stage on its base image; https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
export function imageConfig({
  base,
  stage,
  layers,
  steps,
  labels,
}: {
  readonly base: ImageConfig;
  readonly stage: Pick<StageState, 'config' | 'author'>;
  readonly layers: readonly Pick<Layer, 'diffId'>[];
  readonly steps: readonly HistoryStep[];
  readonly labels: Readonly<Record<string, string>>;
}): ImageConfig {
  return {
    created: CREATED,
    ...(stage.author ? { author: stage.author } : {}),
    ...platformOf(base),
    config: canonicalRunConfig(stage.config, labels),
    rootfs: {
      type: 'layers',
      diff_ids: [...base.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)],
    },
    history: [...(base.history ?? []), ...stageHistory(steps)],
  };
}

/** The config below the first layer of an image. */
export function scratchConfig(platform: Platform): ImageConfig {
  return { ...platformOf(platform), rootfs: { type: 'layers', diff_ids: [] } };
}

/** The steps of a stage, as `docker history` shows them. */
export function stageHistory(steps: readonly HistoryStep[]): History {
  return steps.map(({ createdBy, emptyLayer }) => ({
    created: CREATED,
    created_by: createdBy,
    comment: 'typerush.oci',
    ...(emptyLayer ? { empty_layer: true } : {}),
  }));
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
