import { type ExecutorContext } from '@nx/devkit';
import { type Environment } from '@typerush/image-registry';
import { writeStdout } from '../../json-output/write-stdout';
import { readEnvironment } from '../../pipeline-environment';
import { readAssembly } from '../../registry-operations/declared/read-assembly';
import { EcrStandingRegistry } from '../../registry-operations/ecr-standing-registry';
import { describeVerification } from '../../registry-operations/verify/describe-verification';
import { verifyRegistry } from '../../registry-operations/verify/verify-registry';
import { ecrTarget } from '../../registry/ecr-target';
import { runExecutor } from '../run-executor';

export interface VerifyOptions {
  readonly environment: Environment;
  readonly json: boolean;
}

/** `nx run infra:verify`: fails where what stands is not what is declared. */
export default function verify(
  { environment, json }: VerifyOptions,
  { root }: Pick<ExecutorContext, 'root'>,
) {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  return runExecutor(async () => {
    const target = ecrTarget(environment, readEnvironment(process.env));
    const stacks = await readAssembly(root, environment);
    const registry = new EcrStandingRegistry(target, environment);
    const verification = await verifyRegistry(environment, stacks, registry);
    const { data, text } = describeVerification(verification);
    await writeStdout(json ? `${JSON.stringify(data)}\n` : text);
    return verification.drift.length === 0;
  });
}
