import path from 'node:path';
import { answered, awsCalls } from '../test/aws-cli';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../record-commit.sh');
const parameter = '/typerush/dev/registry/last-commit';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
  await sandbox.program('aws', answered('ssm put-parameter', { output: { Version: 2 } }));
});
afterEach(() => sandbox.remove());

const record = (env: Record<string, string> = {}) =>
  sandbox.run(script, [], { LAST_COMMIT_PARAMETER: parameter, ...env });
const putOf = (commit: string) =>
  `ssm put-parameter --name ${parameter} --value ${commit} --type String --overwrite --output text`;

describe('record-commit.sh', () => {
  it('writes the commit to the parameter', async () => {
    await sandbox.git('init', '--quiet');
    const head = await sandbox.commit('feat: one');
    expect(await record()).toMatchObject({ code: 0, stdout: '' });
    expect(await awsCalls(sandbox)).toEqual([putOf(head)]);
  });

  it('takes the commit from CodeBuild if the source came without Git', async () => {
    const commit = 'b'.repeat(40);
    await record({ CODEBUILD_RESOLVED_SOURCE_VERSION: commit });
    expect(await awsCalls(sandbox)).toEqual([putOf(commit)]);
  });

  it('writes nothing if the commit is unknown', async () => {
    const { code, stderr } = await record({ CODEBUILD_RESOLVED_SOURCE_VERSION: 'an-s3-version' });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^No commit was recorded/);
    expect(await awsCalls(sandbox)).toEqual([]);
  });

  it('fails if the parameter cannot be written', async () => {
    await sandbox.git('init', '--quiet');
    await sandbox.commit('feat: one');
    await sandbox.program('aws', answered('ssm put-parameter', { error: 'AccessDeniedException' }));
    expect(await record()).toMatchObject({
      code: 254,
      stderr: expect.stringContaining('AccessDeniedException'),
    });
  });
});
