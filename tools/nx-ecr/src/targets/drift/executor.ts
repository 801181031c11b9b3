import { type ExecutorContext } from '@nx/devkit';
import {
  readAssembly,
  EcrRemoteRegistry,
  describeDrift,
  findDrift,
} from '@typerush/registry-operations';
import { readEnvironment } from '@typerush/pipeline-context';
import { openEnvironment } from '../open-environment';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { driftOptions, type DriftOptions } from './options';

/** `nx run infra:drift`: fails if a deployed repository differs from its declaration. */
export default function drift(given: DriftOptions, context: ExecutorContext) {
  return runExecutor(driftOptions, given, context, async (options) => {
    const { root } = context;
    const { environment } = options;
    const { target } = await openEnvironment(root, environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const registry = new EcrRemoteRegistry(target, environment);
    const report = await findDrift(environment, stacks, registry);
    await reportResult(describeDrift(report), options, root);
    return report.drift.length === 0;
  });
}
