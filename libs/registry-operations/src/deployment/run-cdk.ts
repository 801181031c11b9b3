import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PipelineError } from '@typerush/pipeline-context';
import { type CdkPlan } from './plan-cdk';

export interface CdkProcess {
  /** Whether a server at this URL responds, with whatever status. */
  answers(url: string): Promise<boolean>;
  /** Runs the CDK with the standard streams of this process and resolves to its exit code. */
  run(plan: CdkPlan): Promise<number>;
}

/**
 * Runs a plan, after `prepare`. If it needs ecr-local, checks first that ecr-local responds.
 *
 * @throws PipelineError ECR_LOCAL_UNREACHABLE, CDK_FAILED
 */
export async function runCdk(
  { answers, run }: CdkProcess,
  plan: CdkPlan,
  prepare: () => Promise<void> = async () => undefined,
): Promise<void> {
  const { localEndpoint } = plan;
  if (localEndpoint && !(await answers(localEndpoint))) {
    throw new PipelineError(
      'ECR_LOCAL_UNREACHABLE',
      `Cannot run cdk ${plan.args[0]}: no response from ecr-local at ${localEndpoint}.\n` +
        'Fix: start ecr-local with `npm start` or `npx nx run ecr-local:serve`,\n' +
        '     or set ECR_LOCAL_PORT to its port.',
    );
  }
  await prepare();
  const code = await run(plan);
  if (code !== 0) {
    throw new PipelineError(
      'CDK_FAILED',
      `cdk ${plan.args[0]} failed with exit code ${code}; see its output above.`,
    );
  }
}

/** Uses the CDK of the workspace. */
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
