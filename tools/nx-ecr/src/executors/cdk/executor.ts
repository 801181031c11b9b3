import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ExecutorContext } from '@nx/devkit';
import { parseRegistryConfig, registryFile } from '@typerush/image-registry';
import { readEnvironment } from '../../pipeline-environment';
import { runExecutor } from '../run-executor';
import { cdkProcess } from './cdk-process';
import { type CdkOptions, planCdk } from './plan-cdk';
import { runCdk } from './run-cdk';

/** Runs the CDK app for one environment. */
export default function cdk(options: CdkOptions, { root }: Pick<ExecutorContext, 'root'>) {
  return runExecutor(async () => {
    const plan = planCdk(options, {
      ...readEnvironment(process.env),
      registry: parseRegistryConfig(await readFile(path.join(root, registryFile), 'utf8')),
      interactive: process.stdin.isTTY && process.stdout.isTTY && !process.env['CI'],
      node: process.execPath,
    });
    await runCdk(cdkProcess(root), plan);
  });
}
