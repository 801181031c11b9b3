import { type ExecutorContext } from '@nx/devkit';
import { readEnvironment } from '@typerush/pipeline-context';
import { EcrRemoteRegistry, describePreviews, preview } from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { previewOptions, type PreviewTargetOptions } from './options';

/** `nx run infra:preview` */
export default function previewExecutor(
  given: PreviewTargetOptions,
  { root, cwd }: Pick<ExecutorContext, 'root' | 'cwd'>,
) {
  return runExecutor(previewOptions, given, async (options) => {
    const { environment } = options;
    const previews = await preview(options, {
      workspaceRoot: root,
      cwd,
      now: () => new Date(),
      registry: () =>
        new EcrRemoteRegistry(ecrTarget(environment, readEnvironment(process.env)), environment),
    });
    for (const { warnings } of previews) {
      for (const warning of warnings) process.stderr.write(`warning ${warning}\n`);
    }
    await reportResult(describePreviews(previews), options, root);
  });
}
