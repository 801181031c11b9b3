import * as z from 'zod';
import { digestSchema } from './digest';

/** Media types of the OCI image specification and their Docker counterparts. */
export const MEDIA_TYPE = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

export function isIndexMediaType(mediaType: string): boolean {
  return mediaType === MEDIA_TYPE.ociIndex || mediaType === MEDIA_TYPE.dockerList;
}

/** Whether a descriptor is of a manifest or an index, which registries store separately from blobs. */
export function isManifestMediaType(mediaType: string): boolean {
  return (
    isIndexMediaType(mediaType) ||
    mediaType === MEDIA_TYPE.ociManifest ||
    mediaType === MEDIA_TYPE.dockerManifest
  );
}

const platformSchema = z.object({
  os: z.string(),
  architecture: z.string(),
  variant: z.string().optional(),
});

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/descriptor.md */
const descriptorSchema = z.looseObject({
  mediaType: z.string().min(1),
  digest: digestSchema,
  size: z.number().int().nonnegative(),
  platform: platformSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
  urls: z.array(z.string()).optional(),
  /** Of a referrer, in an index of referrers. */
  artifactType: z.string().optional(),
});
export type Descriptor = z.infer<typeof descriptorSchema>;

/** A layer with `urls` is fetched from there instead of from a registry. */
function isInRegistry({ urls }: Descriptor): boolean {
  return !urls?.length;
}

/** Some manifests in registries have descriptors without required fields. */
const blobSchema = descriptorSchema.extend({ mediaType: z.string().default('') });
const referenceSchema = blobSchema.extend({ size: z.number().int().nonnegative().default(0) });

/**
 * A manifest of an image, an artifact or an index, of OCI or Docker. No field is required, since registries also contain older
 * kinds of manifests.
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md
 * https://github.com/opencontainers/image-spec/blob/v1.1.0/image-index.md
 */
const manifestSchema = z.looseObject({
  schemaVersion: z.literal(2).optional(),
  mediaType: z.string().optional(),
  artifactType: z.string().optional(),
  config: blobSchema.optional(),
  layers: z.array(blobSchema).optional(),
  manifests: z.array(referenceSchema).optional(),
  subject: referenceSchema.optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** Of an image for one platform, or of an artifact. */
export type ImageManifest = Manifest & Required<Pick<Manifest, 'config' | 'layers'>>;

export const imageIndexSchema = manifestSchema.required({ manifests: true });
export type ImageIndex = z.infer<typeof imageIndexSchema>;

/** A manifest and the descriptors in it. */
export interface ParsedManifest {
  readonly content: Manifest;
  /** Layers, then the config, without those that are not in a registry. */
  readonly blobs: readonly Descriptor[];
  /** The manifests of an index. */
  readonly children: readonly Descriptor[];
  /** Of a referrer. */
  readonly subject?: Descriptor;
}

/** undefined if the text is not a manifest. */
export function parseManifest(text: Uint8Array | string): ParsedManifest | undefined {
  const json = parseJson(text);
  const parsed = manifestSchema.safeParse(json);
  if (!parsed.success) return undefined;
  const { config, layers = [], manifests: children = [], subject } = parsed.data;
  const blobs = [...layers, ...(config ? [config] : [])].filter(isInRegistry);
  return { content: parsed.data, blobs, children, subject };
}

function parseJson(text: Uint8Array | string): unknown {
  try {
    const json = typeof text === 'string' ? text : Buffer.from(text).toString();
    // Go programs write an absent list or map as null.
    return JSON.parse(json, (_name, value: unknown) => value ?? undefined);
  } catch {
    return undefined;
  }
}

/** Docker's health check; durations in nanoseconds. Not part of the OCI specification, but all engines support it. */
const healthcheckSchema = z.looseObject({
  Test: z.array(z.string()),
  Interval: z.number().optional(),
  Timeout: z.number().optional(),
  StartPeriod: z.number().optional(),
  StartInterval: z.number().optional(),
  Retries: z.number().optional(),
});
export type Healthcheck = z.infer<typeof healthcheckSchema>;

const record = z.record(z.string(), z.unknown());

const runConfigSchema = z.looseObject({
  User: z.string().nullish(),
  ExposedPorts: record.nullish(),
  Env: z.array(z.string()).nullish(),
  Entrypoint: z.array(z.string()).nullish(),
  Cmd: z.array(z.string()).nullish(),
  WorkingDir: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
  StopSignal: z.string().nullish(),
  Healthcheck: healthcheckSchema.nullish(),
  Volumes: record.nullish(),
  Shell: z.array(z.string()).nullish(),
  OnBuild: z.array(z.string()).nullish(),
});
export type RunConfig = z.infer<typeof runConfigSchema>;

/** Go programs write null for an image without layers. */
const layerIds = z
  .array(digestSchema)
  .nullable()
  .transform((ids) => ids ?? []);

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md */
export const imageConfigSchema = z.looseObject({
  architecture: z.string(),
  os: z.string(),
  variant: z.string().optional(),
  created: z.string().optional(),
  author: z.string().optional(),
  config: runConfigSchema.nullish(),
  rootfs: z.looseObject({ type: z.literal('layers'), diff_ids: layerIds }),
  history: z
    .array(
      z.looseObject({
        created: z.string().optional(),
        created_by: z.string().optional(),
        comment: z.string().optional(),
        empty_layer: z.boolean().optional(),
      }),
    )
    .nullish(),
});
export type ImageConfig = z.infer<typeof imageConfigSchema>;
