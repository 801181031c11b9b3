import { type StoredImage } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { parseInstant } from './instant';
import { jsonDocuments } from './json-documents';

/** An image as far as `aws ecr describe-images` tells of it. */
export interface DescribedImage extends StoredImage {
  /** Whether it is a manifest list or index, which refers to images that the output does not name. */
  readonly isList: boolean;
}

/**
 * The images that `aws ecr describe-images` printed: `{"imageDetails": [...]}`, the bare list of a `--query`, or several of
 * these one behind the other.
 *
 * @throws PipelineError IMAGES_INVALID
 */
export function describedImages(text: string, file: string): DescribedImage[] {
  const images = details(text, file).map((detail, index) => describedImage(detail, index, file));
  const seen = new Set<string>();
  for (const { digest } of images) {
    if (seen.has(digest)) throw invalid(file, `it lists the image ${digest} twice`);
    seen.add(digest);
  }
  return images;
}

function details(text: string, file: string): unknown[] {
  const pages = parse(text, file).flatMap((document) =>
    isPages(document) ? document : [document],
  );
  const found = pages.flatMap((page) => {
    const list = isObject(page) ? page['imageDetails'] : page;
    if (!Array.isArray(list)) {
      throw invalid(file, 'it holds neither {"imageDetails": [...]} nor a list of images');
    }
    return list as unknown[];
  });
  const repositories = new Set(found.map((one) => (isObject(one) ? one['repositoryName'] : '')));
  if (repositories.size > 1) {
    throw invalid(
      file,
      `it holds images of several repositories (${[...repositories].join(', ')}), and a policy judges those of one`,
    );
  }
  return found;
}

function parse(text: string, file: string): unknown[] {
  try {
    return jsonDocuments(text);
  } catch (cause) {
    throw invalid(file, `it is not JSON (${(cause as Error).message})`, cause);
  }
}

/** `jq -s` puts pages into a list. */
const isPages = (document: unknown): document is unknown[] =>
  Array.isArray(document) &&
  document.length > 0 &&
  document.every((page) => isObject(page) && Array.isArray(page['imageDetails']));

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** By hand: a repository holds up to 100,000 of them. */
function describedImage(detail: unknown, index: number, file: string): DescribedImage {
  const fail = (field: string, is: string) =>
    invalid(file, `image ${index + 1}: ${field ? `${field} ` : ''}${is}`);
  if (!isObject(detail)) throw fail('', `must be an object, not ${JSON.stringify(detail)}`);
  const text = (field: string): string | undefined => {
    const value = detail[field] ?? undefined;
    if (value !== undefined && typeof value !== 'string') throw fail(field, 'must be a string');
    return value;
  };
  const instant = (field: string): Date | undefined => {
    const value = detail[field] ?? undefined;
    if (value === undefined) return undefined;
    const date = parseInstant(value);
    if (date) return date;
    throw fail(field, `is ${JSON.stringify(value)}; it must be an ISO date or seconds since 1970`);
  };
  const tags = detail['imageTags'] ?? [];
  if (!Array.isArray(tags) || !tags.every((tag) => typeof tag === 'string')) {
    throw fail('imageTags', 'must be a list of strings');
  }
  const digest = text('imageDigest');
  if (!digest) throw fail('imageDigest', 'is missing');
  const pushedAt = instant('imagePushedAt');
  if (!pushedAt) throw fail('imagePushedAt', 'is missing');
  return {
    digest,
    tags,
    pushedAt,
    pulledAt: instant('lastRecordedPullTime'),
    // Coming back from the archive is not yet being back.
    storageClass: (text('imageStatus') ?? 'ACTIVE') === 'ACTIVE' ? 'standard' : 'archive',
    transitionedAt: instant('lastArchivedAt'),
    subject: text('subjectManifestDigest'),
    isList: /\b(manifest\.list|image\.index)\b/.test(text('imageManifestMediaType') ?? ''),
  };
}

function invalid(file: string, what: string, cause?: unknown): PipelineError {
  return new PipelineError(
    'IMAGES_INVALID',
    `${file} is not what \`aws ecr describe-images\` prints: ${what}.`,
    { cause },
  );
}
