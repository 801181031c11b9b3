import { type ExecutorContext } from '@nx/devkit';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { EcrStandingRegistry } from '../../registry-operations/ecr-standing-registry';
import { describePreviews } from '../../registry-operations/preview/describe-preview';
import { preview, type PreviewOptions } from '../../registry-operations/preview/preview';
import { ecrTarget } from '../../registry/ecr-target';
import { runExecutor } from '../run-executor';

/** `nx run infra:preview` */
export default function previewExecutor(
  options: PreviewOptions & { readonly json: boolean },
  { root, cwd }: Pick<ExecutorContext, 'root' | 'cwd'>,
) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const { environment } = options;
    const previews = await preview(options, {
      workspaceRoot: root,
      cwd,
      now: () => new Date(),
      registry: () =>
        new EcrStandingRegistry(ecrTarget(environment, readEnvironment(process.env)), environment),
    });
    for (const { warnings } of previews) {
      for (const warning of warnings) process.stderr.write(`warning ${warning}\n`);
    }
    const { data, text } = describePreviews(previews);
    await writeStdout(options.json ? `${JSON.stringify(data)}\n` : text);
  });
}
