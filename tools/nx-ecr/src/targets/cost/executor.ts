import { type ExecutorContext } from '@nx/devkit';
import {
  describeCost,
  estimateCost,
  declaredBudget,
  declaredNamespaces,
  readAssembly,
  EcrRemoteRegistry,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runReporting } from '../run-executor';
import { costOptions, type CostOptions } from './options';

/** `nx run infra:cost` */
export default function cost(given: CostOptions, context: ExecutorContext) {
  return runReporting(costOptions, given, context, async (options, machine) => {
    const { root } = context;
    const { environment, price } = options;
    const { target } = await openEnvironment(root, environment, machine);
    const stacks = await readAssembly(root, environment);
    const estimate = await estimateCost(new EcrRemoteRegistry(target, environment), {
      environment,
      namespaces: declaredNamespaces(stacks),
      price,
      budget: options.budget ?? declaredBudget(stacks),
      now: new Date(),
    });
    const passed = !(options.failOverBudget && estimate.overBudget);
    return { ...describeCost(estimate, options.images), passed };
  });
}
