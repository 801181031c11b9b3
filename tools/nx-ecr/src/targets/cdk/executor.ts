import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { deploymentNames, parseRegistryConfig, registryFile } from '@typerush/image-registry';
import { readEnvironment } from '@typerush/pipeline-context';
import { guardDestroy, cdkProcess, planCdk, runCdk } from '@typerush/registry-operations';
import { ecrTarget } from '@typerush/ecr-access';
import { runExecutor } from '../run-executor';
import { cdkOptions, type CdkTargetOptions } from './options';

/** Runs the CDK app for one environment. */
export default function cdk(given: CdkTargetOptions, { root }: Pick<ExecutorContext, 'root'>) {
  return runExecutor(cdkOptions, given, async (options) => {
    const machine = readEnvironment(process.env);
    const registry = parseRegistryConfig(await readFile(path.join(root, registryFile), 'utf8'));
    const { command, environment, service, force } = options;
    if (command === 'destroy' && !force) {
      const stack = service && deploymentNames(registry, environment).serviceStack(service);
      await guardDestroy(root, environment, ecrTarget(environment, machine), stack);
    }
    const plan = planCdk(options, {
      ...machine,
      registry,
      interactive: process.stdin.isTTY && process.stdout.isTTY && !process.env['CI'],
      node: process.execPath,
    });
    await runCdk(cdkProcess(root), plan);
  });
}
