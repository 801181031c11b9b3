import { EcrLocal } from '../test/ecr-local';
import { type Outcome, runCdk } from '../test/run';
import { FixtureWorkspace, imageConfig } from '../test/workspace';

jest.setTimeout(120_000);

let registry: EcrLocal;
let workspace: FixtureWorkspace;
beforeAll(async () => {
  registry = await EcrLocal.start();
});
afterAll(() => registry.stop());
beforeEach(async () => {
  workspace = await FixtureWorkspace.create();
});
afterEach(() => workspace.remove());

type Arguments = [string, ...string[]];

const cdk = (environment: string, ...args: Arguments): Promise<Outcome> =>
  runCdk(args, { root: workspace.root, environment, endpoint: registry.endpoint });

async function cdkOk(environment: string, ...args: Arguments): Promise<string> {
  const { code, stdout, stderr } = await cdk(environment, ...args);
  if (code !== 0) throw new Error(`cdk ${args[0]} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

const deploy: Arguments = ['deploy', '--all', '--require-approval', 'never', '--concurrency', '4'];

async function repositories(): Promise<string[]> {
  const answer = (await registry.call('DescribeRepositories', {})) as {
    repositories: { repositoryName: string }[];
  };
  return answer.repositories.map(({ repositoryName }) => repositoryName);
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

describe('deployed to the local registry', () => {
  it('a second time nothing changes, and a changed retention changes just that', async () => {
    const first = await cdkOk('dev', ...deploy);
    const stacks = count(first, /✅ {2}typerush-dev/g);
    expect(stacks).toBeGreaterThan(4);
    expect(first).toContain('recorded, not emulated');
    const second = await cdkOk('dev', ...deploy);
    expect(count(second, /✅ {2}typerush-dev-\S+ \(no changes\)/g)).toBe(stacks);

    await workspace.write('apps/game-service/image.json', { ...imageConfig, retention: 'release' });
    const diff = await cdkOk('dev', 'diff', '--fail=false');
    expect(diff).toContain('Number of stacks with differences: 1');
    const changes = diff.split('\n').filter((line) => line.includes('[~]'));
    expect(changes.map((line) => line.replace(/.*\[~\] /, ''))).toEqual([
      expect.stringMatching(/^AWS::ECR::Repository/),
      expect.stringMatching(/^LifecyclePolicy/),
      expect.stringMatching(/^\.LifecyclePolicyText/),
    ]);
    expect(diff).not.toMatch(/\[[+-]\] (?!\{)/);
    await cdkOk('dev', 'destroy', '--all', '--force');
    expect(await repositories()).toEqual([]);
  });

  it('prod keeps its repositories when its stacks go', async () => {
    await cdkOk('prod', ...deploy);
    const standing = await repositories();
    expect(standing).toEqual(
      expect.arrayContaining(['typerush/game-service', 'typerush-prod/api']),
    );
    await cdkOk('prod', 'destroy', '--all', '--force');
    expect(await repositories()).toEqual(standing);
  });
});
