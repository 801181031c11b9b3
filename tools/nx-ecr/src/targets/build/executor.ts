import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { makeFolder } from '@typerush/oci';
import { planBundle, bundleService, describeBundle } from '@typerush/service-bundle';
import { runExecutor } from '../run-executor';
import { buildTargetOptions, type BuildTargetOptions } from './options';

/** `nx run <project>:build` */
export default function build(given: BuildTargetOptions, context: ExecutorContext) {
  return runExecutor(buildTargetOptions, given, context, async (options) => {
    const plan = planBundle(options, context.root);
    await makeFolder(path.resolve(context.root, path.dirname(options.outputPath)));
    const made = await bundleService(plan, context.projectName ?? options.main, (warning) =>
      process.stderr.write(`warning: ${warning}\n`),
    );
    process.stderr.write(describeBundle(made, options.outputPath));
  });
}
