import { type CdkPlan } from './plan-cdk';
import { type CdkProcess, runCdk } from './run-cdk';

function fakeProcess({ up = true, code = 0 } = {}): CdkProcess & { readonly ran: CdkPlan[] } {
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

describe('runCdk', () => {
  it('runs the CDK if ecr-local responds', async () => {
    const process = fakeProcess();
    await runCdk(process, plan);
    expect(process.ran).toEqual([plan]);
  });

  it('does not run the CDK if it needs ecr-local and ecr-local does not respond', async () => {
    const process = fakeProcess({ up: false });
    await expect(runCdk(process, plan)).rejects.toMatchObject({
      code: 'ECR_LOCAL_UNREACHABLE',
      message: expect.stringMatching(
        /no response from ecr-local at http:\/\/127\.0\.0\.1:5100\.\nFix: .*npm start/,
      ),
    });
    expect(process.ran).toEqual([]);
  });

  it('prepares after ecr-local has responded and before the CDK runs', async () => {
    const process = fakeProcess();
    const prepare = jest.fn(async () => expect(process.ran).toEqual([]));
    await runCdk(process, plan, prepare);
    expect(prepare).toHaveBeenCalledTimes(1);
    expect(process.ran).toHaveLength(1);
    await expect(runCdk(fakeProcess({ up: false }), plan, prepare)).rejects.toThrow();
    expect(prepare).toHaveBeenCalledTimes(1);
  });

  it('does not need ecr-local to run the CDK on AWS', async () => {
    const process = fakeProcess({ up: false });
    await runCdk(process, { ...plan, localEndpoint: undefined });
    expect(process.ran).toHaveLength(1);
  });

  it('reports the exit code of a failed CDK', async () => {
    await expect(runCdk(fakeProcess({ code: 3 }), plan)).rejects.toMatchObject({
      code: 'CDK_FAILED',
      message: expect.stringContaining('exit code 3'),
    });
  });
});
