import { type ExecutorContext } from '@nx/devkit';
import {
  describeCost,
  estimateCost,
  declaredBudget,
  declaredNamespaces,
  readAssembly,
  EcrRemoteRegistry,
} from '@typerush/registry-operations';
import { readEnvironment } from '@typerush/pipeline-context';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { costOptions, type CostOptions } from './options';

/** `nx run infra:cost` */
export default function cost(given: CostOptions, context: ExecutorContext) {
  return runExecutor(costOptions, given, context, async (options) => {
    const { root } = context;
    const { environment, price } = options;
    const { target } = await openEnvironment(root, environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const estimate = await estimateCost(new EcrRemoteRegistry(target, environment), {
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
