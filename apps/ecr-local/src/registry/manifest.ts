import { z } from 'zod';
import { JsonError, parseJson } from '../input/bounded-json';
import { digestRule, isDigest } from '../storage/digest';
import { invalidParameter } from './refusals';

/** ECR's quota. https://docs.aws.amazon.com/AmazonECR/latest/userguide/service-quotas.html */
export const manifestLimitBytes = 4 * 1024 * 1024;

const imageTypes = [
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
];
const indexTypes = [
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
];

/** Go programs write `null` for an absent field, and for a list without entries. */
const optional = <T extends z.ZodType>(type: T) =>
  type.nullish().transform((value) => value ?? undefined);
/** Checked only up to the first invalid entry: to describe thousands of them would hold up other requests. */
const list = <T extends z.ZodType>(type: T) =>
  z
    .array(z.unknown())
    .nullable()
    .transform((entries, context): z.output<T>[] => {
      const valid: z.output<T>[] = [];
      for (const [index, entry] of (entries ?? []).entries()) {
        const { success, data, error } = type.safeParse(entry);
        if (!success) {
          const path = [index, ...(error.issues[0]?.path ?? [])];
          context.addIssue({ code: 'custom', path, message: 'is not valid' });
          return z.NEVER;
        }
        valid.push(data);
      }
      return valid;
    });
const texts = z.custom<Record<string, string>>(
  (value) =>
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((text) => typeof text === 'string'),
);

const descriptorSchema = z.object({
  mediaType: optional(z.string()),
  digest: z.string().refine(isDigest, `Digest must be ${digestRule}`),
  size: z.int().min(0),
  urls: optional(list(z.string())),
});

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/manifest.md and image-index.md */
const commonFields = {
  schemaVersion: z.literal(2),
  mediaType: optional(z.string()),
  artifactType: optional(z.string()),
  subject: optional(descriptorSchema),
  annotations: optional(texts),
};
const imageSchema = z.object({
  ...commonFields,
  config: descriptorSchema,
  layers: list(descriptorSchema),
});
const indexSchema = z.object({ ...commonFields, manifests: list(descriptorSchema) });

export interface Manifest {
  readonly mediaType: string;
  readonly artifactType: string | undefined;
  readonly annotations: Readonly<Record<string, string>> | undefined;
  readonly subject: string | undefined;
  /** The config's and the layers' digests that the registry must hold. */
  readonly blobs: readonly string[];
  /** An index's manifests. */
  readonly children: readonly string[];
}

const invalid = (problem: string) => invalidParameter('ImageManifest', problem);

/**
 * Reads a Docker schema 2 or OCI manifest, list or index.
 * `declaredType` (a Content-Type, an imageManifestMediaType) must agree with the manifest's own mediaType.
 * Throws InvalidParameterException.
 */
export function parseManifest(bytes: Uint8Array, declaredType: string | undefined): Manifest {
  if (bytes.length > manifestLimitBytes) throw invalid('Manifest must be at most 4194304 bytes');
  const content = parseContent(bytes);
  const ownType = z.object({ mediaType: z.string().optional() }).safeParse(content).data?.mediaType;
  const mediaType = declaredType ?? ownType;
  if (mediaType === undefined) {
    throw invalid('The manifest has no mediaType: name it in imageManifestMediaType');
  }
  if (ownType !== undefined && ownType !== mediaType) {
    throw invalid(`Manifest media type '${ownType}' is not the declared '${mediaType}'`);
  }
  if (imageTypes.includes(mediaType)) return imageManifest(mediaType, check(imageSchema, content));
  if (indexTypes.includes(mediaType)) return indexManifest(mediaType, check(indexSchema, content));
  throw invalid(`Unsupported manifest media type '${mediaType}'`);
}

function parseContent(bytes: Uint8Array): unknown {
  try {
    return parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    const isSyntax = !(error instanceof JsonError) || error.cause !== undefined;
    throw invalid(isSyntax ? 'Invalid JSON syntax' : `The manifest ${error.message}`);
  }
}

function check<T>(schema: z.ZodType<T>, content: unknown): T {
  const result = schema.safeParse(content);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw invalid(`Invalid manifest: '${issue?.path.join('.')}' is missing or not valid`);
}

function imageManifest(mediaType: string, manifest: z.infer<typeof imageSchema>): Manifest {
  const { config, layers } = manifest;
  const held = layers.filter(({ urls }) => !urls?.length);
  return {
    mediaType,
    artifactType: manifest.artifactType ?? config.mediaType,
    annotations: manifest.annotations,
    subject: manifest.subject?.digest,
    blobs: [config.digest, ...held.map(({ digest }) => digest)],
    children: [],
  };
}

function indexManifest(mediaType: string, manifest: z.infer<typeof indexSchema>): Manifest {
  return {
    mediaType,
    artifactType: manifest.artifactType,
    annotations: manifest.annotations,
    subject: manifest.subject?.digest,
    blobs: [],
    children: manifest.manifests.map(({ digest }) => digest),
  };
}
