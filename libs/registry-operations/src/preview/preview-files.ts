import { type DescribedImage, describedImages } from './described-images';
import { type PolicyPreview, previewPolicy } from './preview-policy';
import { readTextFile } from './read-text-file';

export interface PreviewFiles {
  /** The policy in ECR's own form. */
  readonly policy: string;
  /** The images as `aws ecr describe-images` prints them. */
  readonly images: string;
}

/**
 * What the policy of a file would do to the images of another; no registry is asked.
 *
 * @param cwd The folder that the files are told from.
 * @throws PipelineError FILE_UNREADABLE, IMAGES_INVALID, POLICY_REFUSED
 */
export async function previewFiles(
  files: PreviewFiles,
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

/** What a manifest list refers to is not in the output of describe-images, and would not be acted on. */
function hiddenChildren(
  { verdicts }: PolicyPreview,
  images: readonly DescribedImage[],
): readonly string[] {
  const lists = images.filter(({ isList }) => isList).length;
  const isAnyUntagged = verdicts.some(({ image }) => image.tags.length === 0);
  if (lists === 0 || !isAnyUntagged) return [];
  return [
    `${lists} of the images ${lists === 1 ? 'is a manifest list' : 'are manifest lists'}, and describe-images does not tell which images a list refers to: ` +
      'those are not acted on while it stands, and untagged ones may be shown here all the same. A preview of the registry itself tells them.',
  ];
}
