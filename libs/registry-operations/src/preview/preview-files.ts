import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';
import { type DescribedImage, describedImages } from './described-images';
import { type PolicyPreview, previewPolicy } from './preview-policy';

/**
 * What the policy in a file would do to the images in another, the output of `aws ecr describe-images`. Queries no registry.
 *
 * @param cwd The folder that the files are relative to.
 * @throws PipelineError FILE_UNREADABLE, IMAGES_INVALID, POLICY_REFUSED
 */
export async function previewFiles(
  files: { readonly policy: string; readonly images: string },
  cwd: string,
  at: Date,
): Promise<PolicyPreview> {
  const [policy, described] = await Promise.all([
    readTextFile(files.policy, cwd),
    readTextFile(files.images, cwd),
  ]);
  const images = describedImages(described, files.images);
  const preview = previewPolicy(policy, files.policy, images, at);
  return { ...preview, warnings: [...preview.warnings, ...hiddenChildren(preview, images)] };
}

/** An index keeps the images it refers to from expiring, but describe-images does not list them. */
function hiddenChildren(
  { verdicts }: PolicyPreview,
  images: readonly DescribedImage[],
): readonly string[] {
  const indexes = images.filter(({ isIndex }) => isIndex).length;
  const isAnyUntagged = verdicts.some(({ image }) => image.tags.length === 0);
  if (indexes === 0 || !isAnyUntagged) return [];
  return [
    `${indexes} of the images ${indexes === 1 ? 'is an image index' : 'are image indexes'}, and describe-images does not list the images that an index refers to. ` +
      'ECR keeps those while the index exists, so this preview may wrongly include untagged ones. Preview the registry itself for an exact result.',
  ];
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EISDIR: 'it is a folder',
  EACCES: 'its permissions do not allow it',
};

/** @throws PipelineError FILE_UNREADABLE */
export async function readTextFile(file: string, cwd: string): Promise<string> {
  try {
    return await readFile(path.resolve(cwd, file), 'utf8');
  } catch (cause) {
    const { code = '', message } = cause as NodeJS.ErrnoException;
    const problem = `Cannot read ${file}: ${reasons[code] ?? message}.`;
    throw new PipelineError('FILE_UNREADABLE', problem, { cause });
  }
}
