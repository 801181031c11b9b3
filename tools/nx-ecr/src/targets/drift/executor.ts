import { type ExecutorContext } from '@nx/devkit';
import { readEnvironment } from '@typerush/pipeline-context';
import {
  readAssembly,
  EcrStandingRegistry,
  describeVerification,
  verifyRegistry,
} from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { reportResult } from '../report-result';
import { runExecutor } from '../run-executor';
import { driftOptions, type DriftOptions } from './options';

/** `nx run infra:drift`: fails if a deployed repository differs from its declaration. */
export default function drift(given: DriftOptions, { root }: Pick<ExecutorContext, 'root'>) {
  return runExecutor(driftOptions, given, async (options) => {
    const { environment } = options;
    const target = ecrTarget(environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const registry = new EcrStandingRegistry(target, environment);
    const verification = await verifyRegistry(environment, stacks, registry);
    await reportResult(describeVerification(verification), options, root);
    return verification.drift.length === 0;
  });
}
