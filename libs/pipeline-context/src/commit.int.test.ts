import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSource } from './commit';
import { readEnvironment } from './pipeline-environment';

let root: string;
const clean = { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: tmpdir() };

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'commit-'));
});
afterEach(() => rm(root, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

const read = (variables: Record<string, string> = {}) =>
  readSource(root, readEnvironment({ ...clean, ...variables }), 'app');

async function commitOnce(): Promise<string> {
  git('init', '--quiet');
  await writeFile(path.join(root, 'file'), 'one');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.hooksPath=', 'commit', '-qm', 'one');
  return git('rev-parse', 'HEAD');
}

it('returns the commit that is checked out', async () => {
  const sha = await commitOnce();
  expect((await read()).commit).toEqual({ sha, dirty: false });
});

it('is dirty if a file differs', async () => {
  const sha = await commitOnce();
  await writeFile(path.join(root, 'file'), 'two');
  expect((await read()).commit).toEqual({ sha, dirty: true });
});

it('returns the commit of CI outside of a Git repository', async () => {
  const { commit } = await read({ GITHUB_SHA: 'abcdef0' });
  expect(commit).toEqual({ sha: 'abcdef0', dirty: false });
});

it('rejects with a fix if neither Git nor CI has a commit', async () => {
  await expect(read()).rejects.toMatchObject({
    code: 'COMMIT_UNKNOWN',
    message: expect.stringMatching(/not a Git repository[^]*GITHUB_SHA/),
  });
});

it('returns the branch that is checked out, and none for a detached commit', async () => {
  await commitOnce();
  git('checkout', '--quiet', '-b', 'feature/one');
  expect((await read()).tags).toMatchObject({ branch: 'feature/one', gitTag: undefined });
  git('checkout', '--quiet', '--detach');
  expect((await read()).tags.branch).toBeUndefined();
});

it('returns no branch for a pull request', async () => {
  await commitOnce();
  const { tags } = await read({
    GITHUB_ACTIONS: 'true',
    GITHUB_REF: 'refs/pull/3/merge',
    GITHUB_HEAD_REF: 'main',
    GITHUB_RUN_NUMBER: '8',
  });
  expect(tags).toMatchObject({ branch: undefined, pr: '3', run: '8' });
});

it.each([
  [['v1.9.0', 'v1.10.0'], 'v1.10.0'],
  [['other@3.0.0', 'v1.0.0'], 'v1.0.0'],
  [['v1.0.0', 'app@2.0.0'], '2.0.0'],
  [['other@3.0.0'], undefined],
  [[], undefined],
])('of the Git tags %j on the commit, returns %s', async (tags, expected) => {
  await commitOnce();
  for (const tag of tags) git('tag', tag);
  expect((await read()).tags.gitTag).toBe(expected);
});
