import { PipelineError } from '@typerush/pipeline-context';
import { type CdkProcess } from './cdk-process';
import { type CdkPlan } from './plan-cdk';

/**
 * Runs a plan, after a look at whether ecr-local is there for one that needs it.
 *
 * @throws PipelineError ECR_LOCAL_UNREACHABLE, CDK_FAILED
 */
export async function runCdk({ answers, run }: CdkProcess, plan: CdkPlan): Promise<void> {
  const { localEndpoint } = plan;
  if (localEndpoint && !(await answers(localEndpoint))) {
    throw new PipelineError(
      'ECR_LOCAL_UNREACHABLE',
      `nothing answers at ${localEndpoint}: start ecr-local with \`npm start\` or \`npx nx run ecr-local:serve\`, or set ECR_LOCAL_PORT to where it listens.`,
    );
  }
  const code = await run(plan);
  if (code !== 0) {
    throw new PipelineError(
      'CDK_FAILED',
      `cdk ${plan.args[0]} ended with exit code ${code}; its output above tells why.`,
    );
  }
}
