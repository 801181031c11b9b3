import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { readEnvironment } from '@typerush/pipeline-context';
import {
  describeCost,
  estimateCost,
  declaredBudget,
  declaredNamespaces,
  readAssembly,
  EcrStandingRegistry,
} from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { reportResult, type ResultOptions } from '../report-result';
import { runExecutor } from '../run-executor';

export interface CostOptions extends ResultOptions {
  readonly environment: Environment;
  /** USD. */
  readonly price?: number;
  /** USD. */
  readonly budget?: number;
  readonly failOverBudget: boolean;
  readonly images: number;
}

/** `nx run infra:cost` */
export default function cost(options: CostOptions, { root }: Pick<ExecutorContext, 'root'>) {
  const { environment, price } = options;
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
    await reportResult(describeCost(estimate, options.images), options, root);
    return !(options.failOverBudget && estimate.overBudget);
  });
}
