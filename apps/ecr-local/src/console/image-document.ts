import { z } from 'zod';
import { type StoredImage } from '../registry/images';
import { readManifest } from '../registry/read-manifest';
import { layerBucket } from '../registry/repository';
import { type Addressed } from './console-data';

const descriptor = z.object({
  digest: z.string(),
  mediaType: z.string().catch(''),
  size: z.number().catch(0),
  platform: z
    .object({ os: z.string(), architecture: z.string(), variant: z.string().optional() })
    .optional()
    .catch(undefined),
});
export type Descriptor = z.infer<typeof descriptor>;

/** The parts of a manifest that a page shows. A client may have pushed anything else in their place. */
const manifest = z.object({
  config: descriptor.optional().catch(undefined),
  layers: z.array(descriptor).catch([]),
  manifests: z.array(descriptor).catch([]),
});
export type ManifestDocument = z.infer<typeof manifest>;

const texts = z.record(z.string(), z.string()).catch({});
const config = z.object({
  os: z.string().catch('unknown'),
  architecture: z.string().catch('unknown'),
  created: z.string().optional().catch(undefined),
  history: z
    .array(
      z.object({
        created_by: z.string().catch(''),
        empty_layer: z.boolean().catch(false),
      }),
    )
    .catch([]),
  config: z.object({ Labels: texts, User: z.string().catch('') }).catch({ Labels: {}, User: '' }),
});
export type ConfigDocument = z.infer<typeof config>;

export async function manifestOf(
  { registry, repository }: Addressed,
  image: StoredImage,
): Promise<ManifestDocument> {
  const bytes = await readManifest(registry, repository, image);
  return manifest.parse(parsed(bytes?.toString()) ?? {});
}

/** The configuration of an image; undefined for an index or an artifact. */
export async function configOf(
  addressed: Addressed,
  { config: blob }: ManifestDocument,
): Promise<ConfigDocument | undefined> {
  if (!blob || !/(container\.image|image\.config)\.v1\+json$/.test(blob.mediaType))
    return undefined;
  const content = parsed((await blobText(addressed, blob.digest))?.text);
  return config.safeParse(content).data;
}

const longestDocument = 1_000_000;

/** The beginning of a blob as text; undefined if it does not exist. */
export async function blobText(
  { registry, repository }: Addressed,
  digest: string,
): Promise<{ readonly text: string; readonly isWhole: boolean } | undefined> {
  const blob = await registry.blobs.open(layerBucket(repository), digest);
  if (!blob) return undefined;
  try {
    const bytes = Buffer.alloc(Math.min(blob.size, longestDocument));
    const read = await blob.readInto(bytes, 0);
    return { text: bytes.subarray(0, read).toString(), isWhole: blob.size <= longestDocument };
  } finally {
    blob.close();
  }
}

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

const listed = z.object({ name: z.string(), version: z.string().optional() });
const packageList = z.array(listed.or(z.unknown().transform(() => undefined))).catch([]);
const sbom = z.object({
  /** SPDX names the version otherwise. */
  packages: z
    .array(z.object({ name: z.string(), versionInfo: z.string().optional() }))
    .catch([])
    .transform((all) => all.map(({ name, versionInfo: version }) => ({ name, version }))),
  /** CycloneDX */
  components: packageList.transform((all) => all.filter((each) => each !== undefined)),
});

/** The packages of an SBOM in CycloneDX or SPDX, also as the predicate of an in-toto statement. */
export function packagesOf(
  text: string,
): readonly { name: string; version?: string | undefined }[] {
  const document = parsed(text);
  const predicate = (document as { predicate?: unknown } | undefined)?.predicate;
  const found = sbom.safeParse(predicate ?? document).data;
  return found ? [...found.packages, ...found.components] : [];
}
