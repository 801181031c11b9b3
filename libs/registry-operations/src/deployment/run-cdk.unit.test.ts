import { type CdkProcess } from './cdk-process';
import { type CdkPlan } from './plan-cdk';
import { runCdk } from './run-cdk';

function world({ up = true, code = 0 } = {}): CdkProcess & { readonly ran: CdkPlan[] } {
  const ran: CdkPlan[] = [];
  return {
    ran,
    answers: async () => up,
    run: async (plan) => {
      ran.push(plan);
      return code;
    },
  };
}

const plan: CdkPlan = { args: ['deploy'], env: {}, localEndpoint: 'http://127.0.0.1:5100' };

describe('the CDK', () => {
  it('runs where ecr-local answers', async () => {
    const there = world();
    await runCdk(there, plan);
    expect(there.ran).toEqual([plan]);
  });

  it('does not run where ecr-local is needed and does not answer', async () => {
    const away = world({ up: false });
    await expect(runCdk(away, plan)).rejects.toMatchObject({
      code: 'ECR_LOCAL_UNREACHABLE',
      message: expect.stringMatching(
        /nothing answers at http:\/\/127\.0\.0\.1:5100: start .*npm start/,
      ),
    });
    expect(away.ran).toEqual([]);
  });

  it('is not kept from AWS by an ecr-local that is not there', async () => {
    const away = world({ up: false });
    await runCdk(away, { ...plan, localEndpoint: undefined });
    expect(away.ran).toHaveLength(1);
  });

  it('fails with the exit code where it fails', async () => {
    await expect(runCdk(world({ code: 3 }), plan)).rejects.toMatchObject({
      code: 'CDK_FAILED',
      message: expect.stringContaining('exit code 3'),
    });
  });
});
