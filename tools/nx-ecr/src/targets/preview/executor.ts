import { type ExecutorContext } from '@nx/devkit';
import {
  awsImageUses,
  describePreviews,
  EcrRemoteRegistry,
  preview,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runReporting } from '../run-executor';
import { previewOptions, type PreviewTargetOptions } from './options';

/** `nx run infra:preview`: with `--in-use` or `--in-use-file` fails if an image in use would expire. */
export default function previewExecutor(given: PreviewTargetOptions, context: ExecutorContext) {
  return runReporting(previewOptions, given, context, async (options, machine) => {
    const { root, cwd } = context;
    const { environment } = options;
    const { target } = await openEnvironment(root, environment, machine);
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
    return describePreviews(previews);
  });
}
