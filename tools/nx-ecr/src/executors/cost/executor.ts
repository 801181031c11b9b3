import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { describeCost } from '../../registry-operations/cost/describe-cost';
import { estimateCost } from '../../registry-operations/cost/estimate-cost';
import { declaredBudget } from '../../registry-operations/declared/declared-budget';
import { declaredNamespaces } from '../../registry-operations/declared/namespaces';
import { readAssembly } from '../../registry-operations/declared/read-assembly';
import { EcrStandingRegistry } from '../../registry-operations/ecr-standing-registry';
import { ecrTarget } from '../../registry/ecr-target';
import { runExecutor } from '../run-executor';

export interface CostOptions {
  readonly environment: Environment;
  /** USD. */
  readonly price?: number;
  /** USD. */
  readonly budget?: number;
  readonly failOverBudget: boolean;
  readonly images: number;
  readonly json: boolean;
}

/** `nx run infra:cost` */
export default function cost(options: CostOptions, { root }: Pick<ExecutorContext, 'root'>) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const { environment, price, json } = options;
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const estimate = await estimateCost(new EcrStandingRegistry(target, environment), {
      environment,
      namespaces: declaredNamespaces(stacks),
      price,
      budget: options.budget ?? declaredBudget(stacks),
      now: new Date(),
    });
    const { data, text } = describeCost(estimate, options.images);
    await writeStdout(json ? `${JSON.stringify(data)}\n` : text);
    return !(options.failOverBudget && estimate.overBudget);
  });
}
