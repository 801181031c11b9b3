import { type ExecutorContext } from '@nx/devkit';
import { deploymentNames } from '@typerush/image-registry';
import { PipelineError, readEnvironment } from '@typerush/pipeline-context';
import {
  assertServiceKnown,
  cdkProcess,
  deleteStacksOfLostRepositories,
  EcrRemoteRegistry,
  guardDestroy,
  planCdk,
  runCdk,
} from '@typerush/registry-operations';
import { openEnvironment } from '../open-environment';
import { runExecutor } from '../run-executor';
import { deployRunStack, describeRunStack } from './run-stack';
import { print } from '../report-result';
import { cdkOptions, type CdkTargetOptions } from './options';

/** Runs the CDK app for one environment. */
export default function cdkTarget(given: CdkTargetOptions, context: ExecutorContext) {
  return runExecutor(cdkOptions, given, context, async (options) => {
    const { root } = context;
    const { command, environment, service, force } = options;
    const machine = readEnvironment(process.env);
    const { registry, target } = await openEnvironment(root, environment, machine);
    const { serviceStack } = deploymentNames(registry, environment);
    const stack = service && serviceStack(service);
    if (command === 'destroy') {
      if (service) await assertServiceKnown(root, environment, registry, service);
      if (!force) await guardDestroy(root, environment, target, stack);
    }
    const cdk = {
      ...machine,
      region: target.region,
      registry,
      interactive: process.stdin.isTTY && process.stdout.isTTY && !process.env['CI'],
      node: process.execPath,
    };
    const plan = planCdk(options, cdk);
    const isDeployed = (name: string) =>
      stack ? name === stack : name.startsWith(serviceStack(''));
    await runCdk(cdkProcess(root), plan, async () => {
      if (command !== 'deploy') return;
      const remote = new EcrRemoteRegistry(target, environment);
      const lost = await deleteStacksOfLostRepositories(target, environment, remote, isDeployed);
      for (const each of lost) {
        process.stderr.write(
          `The repository ${each.repository} was deleted outside of its stack ${each.stack}: both are created again.\n`,
        );
      }
    }).catch(async (error: unknown) => {
      // The CDK has synthesized by now, and does not name the services that there are.
      const failed = error instanceof PipelineError && error.code === 'CDK_FAILED';
      if (service && failed) await assertServiceKnown(root, environment, registry, service);
      throw error;
    });
    if (service) return;
    const run = { root, environment, target, cdk, revertDrift: options.revertDrift };
    if (command === 'deploy') await deployRunStack(run);
    if (command === 'diff') await print(await describeRunStack(run));
  });
}
