import { type ExecutorContext } from '@nx/devkit';
import {
  awsImageUses,
  describePreviews,
  EcrRemoteRegistry,
  isEveryUsedImageKept,
  preview,
} from '@typerush/registry-operations';
import { readEnvironment } from '@typerush/pipeline-context';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { previewOptions, type PreviewTargetOptions } from './options';

/** `nx run infra:preview`: with `--in-use` or `--in-use-file` fails if an image in use would expire. */
export default function previewExecutor(given: PreviewTargetOptions, context: ExecutorContext) {
  return runExecutor(previewOptions, given, context, async (options) => {
    const { root, cwd } = context;
    const { environment } = options;
    const { target } = await openEnvironment(root, environment, readEnvironment(process.env));
    const previews = await preview(options, {
      workspaceRoot: root,
      cwd,
      now: () => new Date(),
      registry: () => new EcrRemoteRegistry(target, environment),
      imageUses: () => awsImageUses(target, environment),
    });
    for (const { warnings } of previews) {
      for (const warning of warnings) process.stderr.write(`warning ${warning}\n`);
    }
    await reportResult(describePreviews(previews), options, root);
    return isEveryUsedImageKept(previews);
  });
}
