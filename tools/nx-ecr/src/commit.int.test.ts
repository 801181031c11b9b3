import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readCommit } from './commit';
import { readEnvironment } from './pipeline-environment';

let root: string;
const clean = { PATH: process.env['PATH'], GIT_CEILING_DIRECTORIES: tmpdir() };

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'commit-'));
});
afterEach(() => rm(root, { recursive: true }));

const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

async function commitOnce(): Promise<string> {
  git('init', '--quiet');
  await writeFile(path.join(root, 'file'), 'one');
  git('add', '.');
  git('-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'core.hooksPath=', 'commit', '-qm', 'one');
  return git('rev-parse', 'HEAD');
}

it('is the commit that is checked out', async () => {
  const sha = await commitOnce();
  expect(await readCommit(root, readEnvironment(clean))).toEqual({ sha, dirty: false });
});

it('is dirty as soon as a file differs', async () => {
  const sha = await commitOnce();
  await writeFile(path.join(root, 'file'), 'two');
  expect(await readCommit(root, readEnvironment(clean))).toEqual({ sha, dirty: true });
});

it('is what CI says where there is no git', async () => {
  const environment = readEnvironment({ ...clean, GITHUB_SHA: 'abcdef0' });
  expect(await readCommit(root, environment)).toEqual({ sha: 'abcdef0', dirty: false });
});

it('is an error that says what to do where nobody knows it', async () => {
  await expect(readCommit(root, readEnvironment(clean))).rejects.toMatchObject({
    code: 'COMMIT_UNKNOWN',
    message: expect.stringMatching(/no git checkout.*GITHUB_SHA/),
  });
});
