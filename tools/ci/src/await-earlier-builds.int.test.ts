import path from 'node:path';
import { answeredEach, awsCalls } from '../test/aws-cli';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../await-earlier-builds.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

/** The builds of the project: this one has the number 7. */
const builds = (earlier: 'IN_PROGRESS' | 'SUCCEEDED') => ({
  'codebuild list-builds-for-project': {
    output: { ids: ['delivery:0c', 'delivery:0b', 'delivery:0a'] },
  },
  'codebuild batch-get-builds': {
    output: {
      builds: [
        { id: 'delivery:0c', buildNumber: 8, buildStatus: 'IN_PROGRESS' },
        { id: 'delivery:0b', buildNumber: 7, buildStatus: 'IN_PROGRESS' },
        { id: 'delivery:0a', buildNumber: 6, buildStatus: earlier },
      ],
    },
  },
});

const run = () =>
  sandbox.run(script, [], {
    CODEBUILD_BUILD_ID: 'delivery:0b',
    CODEBUILD_BUILD_NUMBER: '7',
    AWAIT_SECONDS: '0.01',
  });

describe('a build', () => {
  it('goes on at once if no earlier build of its project runs', async () => {
    await sandbox.program('aws', answeredEach(builds('SUCCEEDED')));
    expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await awsCalls(sandbox)).toEqual([
      'codebuild list-builds-for-project --project-name delivery --sort-order DESCENDING --no-paginate --query ids --output text',
      "codebuild batch-get-builds --ids delivery:0c delivery:0b delivery:0a --output text --query builds[?buildStatus=='IN_PROGRESS' && buildNumber<`7`].[id]",
    ]);
  });

  it('waits until the earlier ones have ended', async () => {
    const [running, ended] = [builds('IN_PROGRESS'), builds('SUCCEEDED')].map(answeredEach);
    await sandbox.program('aws', `if [ "$calls" -lt 6 ]; then ${running}; else ${ended}; fi`);
    expect(await run()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(Waiting for earlier builds: delivery:0a\.\n){2}$/),
    });
    expect(await awsCalls(sandbox)).toHaveLength(6);
  });

  it.each(['codebuild list-builds-for-project', 'codebuild batch-get-builds'] as const)(
    'fails if %s is refused, rather than push beside another',
    async (refused) => {
      const error = { error: 'AccessDeniedException' };
      await sandbox.program('aws', answeredEach({ ...builds('SUCCEEDED'), [refused]: error }));
      const { code, stderr } = await run();
      expect(code).not.toBe(0);
      expect(stderr).toContain('AccessDeniedException');
    },
  );
});
