import { type ExecutorContext } from '@nx/devkit';
import { type BundleOptions, planBundle } from '../../bundle/bundle-plan';
import { bundleService } from '../../bundle/bundle-service';
import { describeBundle } from '../../bundle/describe-bundle';
import { runExecutor } from '../run-executor';

/** `nx run <project>:build` */
export default function bundle(options: BundleOptions, context: ExecutorContext) {
  return runExecutor(async () => {
    const plan = planBundle(options, context.root);
    const made = await bundleService(plan, context.projectName ?? options.main);
    process.stderr.write(describeBundle(made, options.outputPath));
  });
}
