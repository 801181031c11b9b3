import path from 'node:path';
import { EcrLocal } from '../test/ecr-local';
import { runCdk } from '../test/run';
import { FixtureWorkspace, imageConfig } from '../test/workspace';

jest.setTimeout(300_000);

let registry: EcrLocal;
let workspace: FixtureWorkspace;
beforeEach(async () => {
  [registry, workspace] = await Promise.all([EcrLocal.start(), FixtureWorkspace.create()]);
});
afterEach(async () => {
  await workspace.remove();
  await registry.stop();
});

type Arguments = [string, ...string[]];

async function cdkOk(environment: string, args: Arguments, app?: string): Promise<string> {
  const { root } = workspace;
  const { endpoint } = registry;
  const { code, stdout, stderr } = await runCdk(args, { root, environment, endpoint, app });
  if (code !== 0) throw new Error(`cdk ${args[0]} ended with ${code}\n${stdout}\n${stderr}`);
  return stdout + stderr;
}

const deploy: Arguments = ['deploy', '--all', '--require-approval', 'never', '--concurrency', '4'];

/** The stack of services has a parameter for the image of each. */
const withImages: Arguments = [
  ...deploy,
  ...['GameService', 'RecordService'].flatMap((service) => [
    '--parameters',
    `typerush-staging-run:${service}Digest=sha256:${'a'.repeat(64)}`,
  ]),
];

const destroy: Arguments = ['destroy', '--all', '--force'];

async function repositories(): Promise<string[]> {
  const answer = (await registry.call('DescribeRepositories', {})) as {
    repositories: { repositoryName: string }[];
  };
  return answer.repositories.map(({ repositoryName }) => repositoryName);
}

const count = (text: string, what: RegExp): number => text.match(what)?.length ?? 0;

describe('deployed to the local registry', () => {
  it('a second time nothing changes, and a changed retention changes just that', async () => {
    const first = await cdkOk('dev', deploy);
    const stacks = count(first, /✅ {2}typerush-dev/g);
    expect(stacks).toBeGreaterThan(4);
    expect(first).toContain('recorded, not emulated');
    const second = await cdkOk('dev', deploy, 'out');
    expect(count(second, /✅ {2}typerush-dev-\S+ \(no changes\)/g)).toBe(stacks);

    await workspace.write('apps/game-service/image.json', { ...imageConfig, retention: 'release' });
    const diff = await cdkOk('dev', ['diff', '--fail=false']);
    expect(diff).toContain('Number of stacks with differences: 1');
    const changes = diff.split('\n').filter((line) => line.includes('[~]'));
    expect(changes.map((line) => line.replace(/.*\[~\] /, ''))).toEqual([
      expect.stringMatching(/^AWS::ECR::Repository/),
      expect.stringMatching(/^LifecyclePolicy/),
      expect.stringMatching(/^\.LifecyclePolicyText/),
    ]);
    expect(diff).not.toMatch(/\[[+-]\] (?!\{)/);
    await cdkOk('dev', destroy, 'out');
    expect(await repositories()).toEqual([]);
  });

  it('prod keeps its repositories when its stacks go', async () => {
    await cdkOk('prod', deploy);
    const deployed = await repositories();
    expect(deployed).toEqual(
      expect.arrayContaining(['typerush/game-service', 'typerush-prod/api']),
    );
    await cdkOk('prod', destroy, 'out');
    expect(await repositories()).toEqual(deployed);
    await expect(cdkOk('prod', deploy, 'out')).rejects.toThrow(
      /'typerush\/game-service'\s+already exists/,
    );
  });

  it('every setting is deployed, as a resource or as a record', async () => {
    const app = path.join(__dirname, '../test/everything-app.ts');
    const first = await cdkOk('staging', withImages, app);
    const recorded = [
      ...first.matchAll(/ CREATE_COMPLETE .*\| (AWS::\S+) .*recorded, not emulated/g),
    ];
    expect(recorded.map(([, type]) => type)).toEqual(
      expect.arrayContaining([
        'AWS::EC2::VPCEndpoint',
        'AWS::IAM::OIDCProvider',
        'AWS::IAM::Policy',
        'AWS::IAM::Role',
        'AWS::SSM::Parameter',
      ]),
    );
    const second = await cdkOk('staging', withImages, 'out');
    expect(count(second, /✅ {2}\S+ \(no changes\)/g)).toBe(count(first, /✅ {2}typerush/g));
    await cdkOk('staging', destroy, 'out');
  });
});
