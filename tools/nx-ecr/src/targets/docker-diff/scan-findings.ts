import { type ImageFinding, type OpenImage } from '@typerush/image-comparison';
import { EcrImageScans } from '@typerush/image-publishing';
import { PipelineError } from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type FoundImage } from '../find-image';

/** The findings of ECR's scan of an image; undefined, with a note, if there is none: a comparison needs none. */
export async function scanFindings(
  { platformDigest, name }: OpenImage,
  { scans }: FoundImage,
  project: string,
  reporter: ProgressReporter,
): Promise<readonly ImageFinding[] | undefined> {
  if (!scans) return undefined;
  const { target, environment, repository } = scans;
  const registry = new EcrImageScans(target, { project, environment });
  try {
    // Registries scan the image of each platform, not the index over them.
    const scan = await registry.of(repository, platformDigest);
    return scan.status === 'complete' ? scan.findings : undefined;
  } catch (error) {
    if (!(error instanceof PipelineError)) throw error;
    if (error.code !== 'SCAN_UNSUPPORTED') {
      reporter.note(`${name}: no findings: ${error.message.split('\n')[0]}`);
    }
    return undefined;
  }
}
