import { type ExecutorContext } from '@nx/devkit';
import {
  type BundleOptions,
  planBundle,
  bundleService,
  describeBundle,
} from '@typerush/service-bundle';
import { runExecutor } from '../run-executor';

/** `nx run <project>:build` */
export default function build(options: BundleOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const plan = planBundle(options, context.root);
    const made = await bundleService(plan, context.projectName ?? options.main);
    process.stderr.write(describeBundle(made, options.outputPath));
  });
}
