import { execFile } from 'node:child_process';
import { constants, readdirSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { readYaml, workspaceRoot } from '../test/workspace';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Record<string, unknown>;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly jobs: Record<
    string,
    { readonly steps: Step[]; readonly strategy?: { readonly matrix: { readonly node: string[] } } }
  >;
}

const folder = '.github/workflows';
const files = readdirSync(path.join(workspaceRoot, folder));
const read = (file: string) => readYaml(path.join(folder, file)) as Workflow;
const stepsOf = (file: string) => Object.values(read(file).jobs).flatMap(({ steps }) => steps);
const textOf = (file: string) => readFileSync(path.join(workspaceRoot, file), 'utf8');

/** The errors that GitHub's own parser finds. */
async function errorsIn(file: string): Promise<string[]> {
  const program = path.join(__dirname, '../test/check-workflow.mjs');
  const args = ['--import', 'tsx', program, file];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: workspaceRoot });
  return JSON.parse(stdout) as string[];
}

describe.each(files)('the workflow %s', (file) => {
  it('is valid for GitHub', async () => {
    expect(await errorsIn(path.join(folder, file))).toEqual([]);
  });

  it('pins every action to a version', () => {
    const actions = stepsOf(file).flatMap(({ uses }) => uses ?? []);
    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) expect(action).toMatch(/@(v\d+|[0-9a-f]{40})$/);
  });

  it('has no expression in a shell script, where the name of a branch could run', () => {
    for (const { run } of stepsOf(file)) expect(run ?? '').not.toContain('${{');
  });

  it('checks out without a token, and installs only packages of the lock file', () => {
    const checkouts = stepsOf(file).filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts).toHaveLength(Object.keys(read(file).jobs).length);
    for (const checkout of checkouts) {
      expect(checkout.with).toMatchObject({ 'persist-credentials': false });
    }
    expect(textOf(path.join(folder, file))).not.toMatch(/npm (i|install)\b|secrets\./);
  });

  it('calls scripts that exist and are executable', async () => {
    const scripts = stepsOf(file).flatMap(({ run }) => run?.match(/tools\/ci\/[\w-]+\.sh/g) ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      await expect(access(path.join(workspaceRoot, script), constants.X_OK)).resolves.toBe(
        undefined,
      );
    }
  });
});

describe('check.yml', () => {
  const { jobs, permissions, on } = read('check.yml');

  it('runs the tests on the oldest and the newest supported Node', () => {
    const { engines } = JSON.parse(textOf('package.json')) as { engines: { node: string } };
    const oldest = engines.node.replace('>=', '');
    const newest = /^ARG NODE_IMAGE=.*:(\d+)-alpine$/m.exec(textOf('docker/service.Dockerfile'));
    const tested = jobs['node']?.strategy?.matrix.node;
    expect(tested).toEqual([`${oldest}.0`, newest?.[1]]);
    expect(jobs['node']?.steps.at(-1)).toEqual({ run: 'npm test' });
  });

  it('builds and runs the images on Alpine', () => {
    expect(jobs['alpine']?.steps.at(-1)).toEqual({ run: 'tools/ci/verify-on-alpine.sh' });
  });

  it('runs for each change, also of the base image, and only reads', () => {
    expect(Object.keys(on)).toEqual(
      expect.arrayContaining(['push', 'pull_request', 'schedule', 'workflow_dispatch']),
    );
    expect(permissions).toEqual({ contents: 'read' });
  });
});

it('the parser of GitHub names the place of an error', async () => {
  const [error] = await errorsIn(path.join(__dirname, '../test/invalid-workflow.yml'));
  expect(error).toMatch(/invalid-workflow\.yml \(Line: 4, Col: 5\): Unexpected value 'run-on'/);
});
