import { digestOf } from '../digest';
import { OciError } from '../errors';
import {
  type Descriptor,
  type ImageConfig,
  imageConfigSchema,
  type ParsedManifest,
  parseManifest,
} from '../manifest';
import { formatPlatform, platformOf } from '../platform';
import { type ContentSource, type Manifest, readContent } from './content-store';

/** A manifest of an image, parsed. */
export interface ImageNode extends Manifest, ParsedManifest {}

/** @throws OciError `IMAGE_MISSING` */
export async function resolveImage(source: ContentSource, reference: string): Promise<Descriptor> {
  const found = await source.resolve(reference);
  if (found) return found;
  throw new OciError('IMAGE_MISSING', `Image not found: ${reference} in ${source.name}.`);
}

/** @throws OciError `DIGEST_MISMATCH`, `MANIFEST_INVALID`; as the source's `fetch` */
export async function readNode(
  source: Pick<ContentSource, 'name' | 'fetch'>,
  descriptor: Descriptor,
): Promise<ImageNode> {
  const { digest } = descriptor;
  const bytes = await readContent(await source.fetch(descriptor));
  const found = digestOf(bytes);
  if (found !== digest) {
    const problem = `Damaged manifest: ${digest} in ${source.name}. Its digest is ${found}.`;
    throw new OciError('DIGEST_MISMATCH', problem);
  }
  const parsed = parseManifest(bytes);
  if (parsed) return { descriptor, bytes, ...parsed };
  throw new OciError('MANIFEST_INVALID', `Not an image manifest: ${digest} in ${source.name}.`);
}

/**
 * The manifests of an image, each once and after those that it refers to: those of an index, with `referrers` also the referrers
 * of any of them, and last the image's own.
 */
export async function walkImage(
  source: ContentSource,
  top: ImageNode,
  { referrers = false } = {},
): Promise<readonly ImageNode[]> {
  const seen = new Set<string>();
  const nodes: ImageNode[] = [];
  const visit = async (node: ImageNode): Promise<void> => {
    if (seen.has(node.descriptor.digest)) return;
    seen.add(node.descriptor.digest);
    for (const child of node.children) await visit(await readNode(source, child));
    const found = referrers ? await source.referrers(node.descriptor.digest) : [];
    for (const referrer of found) await visit(await readNode(source, referrer));
    nodes.push(node);
  };
  await visit(top);
  return nodes;
}

/** The manifests of an image without indexes. */
export async function platformNodes(
  source: ContentSource,
  top: Descriptor,
): Promise<readonly ImageNode[]> {
  const nodes = await walkImage(source, await readNode(source, top));
  return nodes.filter(({ content }) => content.manifests === undefined);
}

/** The manifest of a platform according to the index. An image without an index is assumed to be for the platform. */
export async function platformNode(
  source: ContentSource,
  top: Descriptor,
  platform: string,
): Promise<ImageNode | undefined> {
  const node = await readNode(source, top);
  if (node.content.manifests === undefined) return node;
  const isWanted = (child: Descriptor) =>
    child.platform !== undefined && formatPlatform(child.platform) === platform;
  const child = node.children.find(isWanted);
  return child && platformNode(source, child, platform);
}

/** `os/architecture` from the descriptor in the index, or else from the config. */
export async function platformName(
  source: ContentSource,
  { descriptor, content }: ImageNode,
): Promise<string | undefined> {
  if (descriptor.platform) return formatPlatform(descriptor.platform);
  if (!content.config) return undefined;
  return formatPlatform(platformOf(await readImageConfig(source, { content })));
}

/** @throws OciError `MANIFEST_INVALID` if the manifest is not of an image for one platform */
export async function readImageConfig(
  source: Pick<ContentSource, 'name' | 'fetch'>,
  { content: { config } }: Pick<ImageNode, 'content'>,
): Promise<ImageConfig> {
  const text = config && (await readContent(await source.fetch(config))).toString();
  try {
    return imageConfigSchema.parse(JSON.parse(text ?? ''));
  } catch (cause) {
    const problem = `Not the config of an image: ${config?.digest ?? 'none'} in ${source.name}.`;
    throw new OciError('MANIFEST_INVALID', problem, { cause });
  }
}

/** Each blob once, even if several manifests refer to it. */
export function distinctBlobs(nodes: readonly ImageNode[]): readonly Descriptor[] {
  return [...new Map(nodes.flatMap(({ blobs }) => blobs).map((one) => [one.digest, one])).values()];
}

/** Whether a store has every manifest and blob of an image. */
export async function isComplete(source: ContentSource, top: Descriptor): Promise<boolean> {
  try {
    const nodes = await walkImage(source, await readNode(source, top));
    const found = await Promise.all(distinctBlobs(nodes).map((blob) => source.exists(blob)));
    return found.every(Boolean);
  } catch (error) {
    if (error instanceof OciError) return false;
    throw error;
  }
}

/** The image reduced to these platforms: the manifest of one, or an index of several. @throws OciError `PLATFORM_MISSING` */
export async function selectPlatforms(
  source: ContentSource,
  top: ImageNode,
  platforms: readonly string[] | undefined,
): Promise<ImageNode> {
  if (!platforms) return top;
  const isIndex = top.children.length > 0;
  const nodes = isIndex
    ? await Promise.all(top.children.map((child) => readNode(source, child)))
    : [top];
  const names = await Promise.all(nodes.map((node) => platformName(source, node)));
  const missing = platforms.filter((platform) => !names.includes(platform));
  if (missing.length > 0) {
    const problem = `${top.descriptor.digest} in ${source.name} has no image for ${missing.join(', ')}.`;
    throw new OciError('PLATFORM_MISSING', problem);
  }
  const chosen = nodes.filter((_, index) => platforms.includes(names[index] ?? ''));
  const [only] = chosen;
  if (only && chosen.length === 1) return only;
  if (chosen.length === nodes.length) return top;
  const children = chosen.map(({ descriptor }) => descriptor);
  const content = { ...top.content, manifests: children };
  const bytes = Buffer.from(JSON.stringify(content));
  const { mediaType } = top.descriptor;
  const descriptor = { mediaType, digest: digestOf(bytes), size: bytes.length };
  return { ...top, descriptor, bytes, content, children };
}
