import path from 'node:path';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../await-earlier-builds.sh');

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

const run = () =>
  sandbox.run(script, [], {
    CODEBUILD_BUILD_ID: 'delivery:0b',
    CODEBUILD_BUILD_NUMBER: '7',
    AWAIT_SECONDS: '0.01',
  });

describe('a build', () => {
  it('goes on at once if no earlier build of its project runs', async () => {
    await sandbox.program(
      'aws',
      'if [ "$2" = list-builds-for-project ]; then echo "delivery:0b delivery:0a"; fi',
    );
    expect(await run()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await sandbox.calls('aws')).toEqual([
      'codebuild list-builds-for-project --project-name delivery --sort-order DESCENDING --no-paginate --query ids --output text',
      "codebuild batch-get-builds --ids delivery:0b delivery:0a --output text --query builds[?buildStatus=='IN_PROGRESS' && buildNumber<`7`].[id]",
    ]);
  });

  it('waits until the earlier ones have ended', async () => {
    await sandbox.program(
      'aws',
      'if [ "$2" = list-builds-for-project ]; then echo delivery:0a; elif [ "$calls" -lt 6 ]; then echo delivery:0a; fi',
    );
    expect(await run()).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^(Waiting for earlier builds: delivery:0a\.\n){2}$/),
    });
    expect(await sandbox.calls('aws')).toHaveLength(6);
  });

  it.each(['list-builds-for-project', 'batch-get-builds'])(
    'fails if %s is refused, rather than push beside another',
    async (refused) => {
      await sandbox.program(
        'aws',
        `if [ "$2" = ${refused} ]; then echo denied >&2; exit 254; fi; echo delivery:0a`,
      );
      const { code, stderr } = await run();
      expect(code).not.toBe(0);
      expect(stderr).toContain('denied');
    },
  );
});
