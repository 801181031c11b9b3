import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { type Environment } from '@typerush/image-registry';
import { baseReferences } from '@typerush/oci';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuildPlan } from '../engines/image-engine';
import { PipelineError } from '@typerush/pipeline-context';
import { lockCommand } from './lock-file';

/**
 * An image for prod stands on bases that are pinned; elsewhere a note tells which ones are not.
 * @throws PipelineError `BASE_UNPINNED`, `FILE_MISSING`; DockerfileError
 */
export async function checkPinned(
  plan: BuildPlan,
  environment: Environment,
  reporter: ProgressReporter,
): Promise<void> {
  if (plan.base === 'stand-in') return;
  const file = path.relative(plan.workspaceRoot, plan.dockerfile);
  const text = await readFile(plan.dockerfile, 'utf8').catch((cause: unknown) => {
    throw new PipelineError('FILE_MISSING', `${file} cannot be read: create it.`, { cause });
  });
  const { all } = baseReferences(text, { file, args: plan.args });
  const loose = all.filter((reference) => !plan.pins[reference] && !reference.includes('@sha256:'));
  if (loose.length === 0) return;
  const problem = `${plan.lockFile} does not pin ${loose.join(', ')}`;
  const remedy = `${lockCommand(plan.service)} pins what the tag stands for now`;
  if (environment === 'prod') {
    throw new PipelineError(
      'BASE_UNPINNED',
      `${problem}, and an image for prod stands on a base that does not change by itself: ${remedy}. Commit the file.`,
    );
  }
  reporter.note(`${problem}: ${remedy}.`);
}
