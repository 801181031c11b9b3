import { type StoredImage } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import { isObject } from '../drift/policy-form';

/** An image as `aws ecr describe-images` prints it. */
export interface DescribedImage extends StoredImage {
  /** Whether it is an image index or manifest list. The output does not contain what it refers to. */
  readonly isIndex: boolean;
}

/**
 * The images in the output of `aws ecr describe-images`: `{"imageDetails": [...]}`, the bare list of a `--query`, or several
 * of these in sequence.
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
      throw invalid(file, 'it contains neither {"imageDetails": [...]} nor a list of images');
    }
    return list as unknown[];
  });
  const repositories = new Set(found.map((one) => (isObject(one) ? one['repositoryName'] : '')));
  if (repositories.size > 1) {
    throw invalid(
      file,
      `it contains images of several repositories (${[...repositories].join(', ')}), and a policy applies to one`,
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

/** Without a schema library, which takes a second for the 100,000 images that a repository may contain. */
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
    // An image that is being activated is still archived.
    storageClass: (text('imageStatus') ?? 'ACTIVE') === 'ACTIVE' ? 'standard' : 'archive',
    transitionedAt: instant('lastArchivedAt'),
    subject: text('subjectManifestDigest'),
    isIndex: /\b(manifest\.list|image\.index)\b/.test(text('imageManifestMediaType') ?? ''),
  };
}

function invalid(file: string, problem: string, cause?: unknown): PipelineError {
  return new PipelineError(
    'IMAGES_INVALID',
    `${file} is not the output of \`aws ecr describe-images\`: ${problem}.\nFix: write the file with that command.`,
    { cause },
  );
}

/**
 * The JSON documents in a text, in sequence and separated only by white space: what a loop over pages prints.
 *
 * @throws SyntaxError
 */
export function jsonDocuments(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch (error) {
    const documents = splitDocuments(text);
    if (documents.length < 2) throw error;
    return documents.map((document) => JSON.parse(document) as unknown);
  }
}

/** A string or a bracket: nothing else is needed to find the end of a document. */
const token = /"(?:[^"\\]|\\.)*"|[[{]|[\]}]/g;

function splitDocuments(text: string): string[] {
  const documents: string[] = [];
  let depth = 0;
  let start = 0;
  for (const { 0: found, index } of text.matchAll(token)) {
    if (found === '[' || found === '{') depth += 1;
    if (found !== ']' && found !== '}') continue;
    depth -= 1;
    if (depth > 0) continue;
    documents.push(text.slice(start, index + 1));
    start = index + 1;
  }
  const rest = text.slice(start);
  return rest.trim() === '' ? documents : [...documents, rest];
}

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/i;

/** As seconds this is the year 5138: a number from here on is milliseconds. */
const firstMilliseconds = 1e11;

/** A time in ISO 8601, in UTC if it has no offset, or in seconds or milliseconds since 1970; undefined if it is neither. */
export function parseInstant(value: unknown): Date | undefined {
  if (typeof value === 'number') {
    return valid(new Date(value < firstMilliseconds ? value * 1000 : value));
  }
  if (typeof value !== 'string') return undefined;
  if (dateOnly.test(value)) return valid(new Date(value));
  const found = dateTime.exec(value);
  return found ? valid(new Date(found[1] === undefined ? `${value}Z` : value)) : undefined;
}

const valid = (date: Date) => (Number.isNaN(date.getTime()) ? undefined : date);
