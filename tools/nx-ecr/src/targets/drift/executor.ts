import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { readEnvironment } from '@typerush/pipeline-context';
import {
  readAssembly,
  EcrStandingRegistry,
  describeVerification,
  verifyRegistry,
} from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { reportResult, type ResultOptions } from '../report-result';
import { runExecutor } from '../run-executor';

export interface DriftOptions extends ResultOptions {
  readonly environment: Environment;
}

/** `nx run infra:drift`: fails if a deployed repository differs from its declaration. */
export default function drift(options: DriftOptions, { root }: Pick<ExecutorContext, 'root'>) {
  const { environment } = options;
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const registry = new EcrStandingRegistry(target, environment);
    const verification = await verifyRegistry(environment, stacks, registry);
    await reportResult(describeVerification(verification), options, root);
    return verification.drift.length === 0;
  });
}
