import path from 'node:path';
import { answered, awsCalls } from '../test/aws-cli';
import { Sandbox } from '../test/sandbox';

const script = path.join(__dirname, '../affected-base.sh');
const parameter = '/typerush/dev/registry/last-commit';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await Sandbox.create();
});
afterEach(() => sandbox.remove());

/** `aws` finds a value in the parameter. */
const contains = (Value: string) =>
  answered('ssm get-parameter', {
    output: { Parameter: { Name: parameter, Type: 'String', Value } },
  });
const fails = (error: string) => answered('ssm get-parameter', { error });

const find = (cwd?: string) => sandbox.run(script, [], { LAST_COMMIT_PARAMETER: parameter }, cwd);

describe('affected-base.sh', () => {
  it('prints the commit in the parameter', async () => {
    await sandbox.git('init', '--quiet');
    const pushed = await sandbox.commit('feat: one');
    await sandbox.commit('feat: two');
    await sandbox.program('aws', contains(pushed));
    expect(await find()).toEqual({ code: 0, stdout: `${pushed}\n`, stderr: '' });
    expect(await awsCalls(sandbox)).toEqual([
      `ssm get-parameter --name ${parameter} --query Parameter.Value --output text`,
    ]);
  });

  it('prints HEAD if nothing has changed since', async () => {
    await sandbox.git('init', '--quiet');
    const pushed = await sandbox.commit('feat: one');
    await sandbox.program('aws', contains(pushed));
    expect(await find()).toMatchObject({ code: 0, stdout: `${pushed}\n` });
  });

  it.each([
    ['has its initial value', contains('none'), /contains no commit yet/],
    ['contains another text', contains('main'), /contains no commit yet/],
    ['contains an abbreviated id', contains('abc1234'), /contains no commit yet/],
    [
      'does not exist',
      fails('ParameterNotFound'),
      /there is no parameter \/typerush\/dev\/registry\/last-commit yet/,
    ],
  ])('prints nothing if the parameter %s, so that everything is pushed', async (_, aws, reason) => {
    await sandbox.git('init', '--quiet');
    await sandbox.commit('feat: one');
    await sandbox.program('aws', aws);
    const { code, stdout, stderr } = await find();
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^Everything is pushed: /);
    expect(stderr).toMatch(reason);
  });

  it('prints nothing after a force push that removed the commit', async () => {
    await sandbox.git('init', '--quiet');
    await sandbox.commit('feat: one');
    const lost = await sandbox.commit('feat: two');
    await sandbox.git('reset', '--quiet', '--hard', 'HEAD~1');
    await sandbox.commit('feat: another two');
    await sandbox.program('aws', contains(lost));
    expect(await find()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining(`${lost}, the last pushed commit, is not in the history`),
    });
  });

  it('prints nothing in a shallow clone without the commit', async () => {
    await sandbox.git('init', '--quiet');
    const pushed = await sandbox.commit('feat: one');
    await sandbox.commit('feat: two');
    await sandbox.commit('feat: three');
    const shallow = `${sandbox.work}/../shallow`;
    await sandbox.git('clone', '--quiet', '--depth=1', `file://${sandbox.work}`, shallow);
    await sandbox.program('aws', contains(pushed));
    expect(await find(shallow)).toMatchObject({ code: 0, stdout: '' });
  });

  it('prints nothing if the source came without its history', async () => {
    await sandbox.program('aws', contains('a'.repeat(40)));
    expect(await find()).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'Everything is pushed: the source came without its history.\n',
    });
  });

  it('fails without permission to read the parameter, instead of pushing everything', async () => {
    await sandbox.git('init', '--quiet');
    await sandbox.commit('feat: one');
    await sandbox.program('aws', fails('AccessDeniedException'));
    expect(await find()).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('An error occurred (AccessDeniedException)'),
    });
  });

  it('ignores warnings of the AWS CLI', async () => {
    await sandbox.git('init', '--quiet');
    const pushed = await sandbox.commit('feat: one');
    await sandbox.program('aws', `echo 'Python 3.8 is not supported' >&2; ${contains(pushed)}`);
    expect(await find()).toMatchObject({ code: 0, stdout: `${pushed}\n` });
  });

  it('fails without LAST_COMMIT_PARAMETER', async () => {
    const { code, stderr } = await sandbox.run(script);
    expect(code).toBe(1);
    expect(stderr).toMatch(/LAST_COMMIT_PARAMETER: set it to the SSM parameter/);
  });
});
