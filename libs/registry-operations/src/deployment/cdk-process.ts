import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { type CdkPlan } from './plan-cdk';

/** What the executor needs of the world. */
export interface CdkProcess {
  /** Whether anything answers HTTP there, whatever it says. */
  answers(url: string): Promise<boolean>;
  /** Runs the workspace's own CDK with the terminal as it is, and tells its exit code. */
  run(plan: CdkPlan): Promise<number>;
}

export function cdkProcess(workspaceRoot: string): CdkProcess {
  return {
    async answers(url) {
      try {
        await fetch(url, { signal: AbortSignal.timeout(5000) });
        return true;
      } catch {
        return false;
      }
    },
    async run({ args, env }) {
      const cdk = createRequire(path.join(workspaceRoot, 'infra/package.json')).resolve(
        'aws-cdk/bin/cdk',
      );
      const child = spawn(process.execPath, [cdk, ...args], {
        cwd: workspaceRoot,
        env,
        stdio: 'inherit',
      });
      const [code] = (await once(child, 'exit')) as [number | null];
      return code ?? 1;
    },
  };
}
