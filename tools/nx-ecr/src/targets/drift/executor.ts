import { type ExecutorContext } from '@nx/devkit';
import {
  readAssembly,
  EcrRemoteRegistry,
  describeDrift,
  findDrift,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runReporting } from '../run-executor';
import { driftOptions, type DriftOptions } from './options';

/** `nx run infra:drift`: fails if a deployed repository differs from its declaration. */
export default function drift(given: DriftOptions, context: ExecutorContext) {
  return runReporting(driftOptions, given, context, async ({ environment }, machine) => {
    const { root } = context;
    const { target } = await openEnvironment(root, environment, machine);
    const stacks = await readAssembly(root, environment);
    const registry = new EcrRemoteRegistry(target, environment);
    return describeDrift(await findDrift(environment, stacks, registry));
  });
}
