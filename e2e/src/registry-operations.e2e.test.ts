import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { stripVTControlCharacters } from 'node:util';
import {
  BatchDeleteImageCommand,
  DeleteRepositoryCommand,
  GetLifecyclePolicyCommand,
  PutLifecyclePolicyCommand,
} from '@aws-sdk/client-ecr';
import { LocalRegistry, localCredentials } from './support/local-registry';
import type { RunResult } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const game = 'typerush/game-service';
const records = 'typerush/record-service';

describe('operating a registry', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
    for (const service of ['game-service', 'record-service']) {
      await workspace.nxOk(['run', `${service}:docker-push:local`, '--engine=oci'], registry.env);
    }
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  const infra = (target: string, ...args: string[]) =>
    workspace.nx(['run', `infra:${target}`, ...args], registry.env);

  const infraOk = (target: string, ...args: string[]) =>
    workspace.nxOk(['run', `infra:${target}`, ...args], registry.env);

  /** The document that a target writes with `--outputFile`. */
  const json = async (target: string, ...args: string[]) => {
    const result = await infra(target, '--outputFile=tmp/result.json', ...args);
    return {
      ...result,
      data: JSON.parse(await readFile(workspace.path('tmp/result.json'), 'utf8')),
    };
  };

  /** The tags by repository and digest; ECR lists them in no particular order. */
  const images = async () => {
    const ofRepository = async (name: string) =>
      [...(await registry.images(name))].map(([digest, tags]) => [digest, [...tags].sort()]);
    return { [game]: await ofRepository(game), [records]: await ofRepository(records) };
  };

  const expectFailure = ({ code, output }: RunResult, ...parts: (string | RegExp)[]) => {
    expect(code).not.toBe(0);
    for (const part of parts) expect(output).toMatch(part);
    expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  };

  it('deploy changes nothing the second time', async () => {
    const output = await infraOk('deploy:local');
    expect(output.match(/✅ .*\(no changes\)/g)?.length).toBe(output.match(/✅ /g)?.length);
    expect(output).not.toMatch(/(CREATE|UPDATE|DELETE)_(IN_PROGRESS|COMPLETE)/);
  });

  it('diff shows only a changed retention', async () => {
    expect(await infraOk('diff:local')).toMatch(/Number of stacks with differences: 0/);
    const file = workspace.path('apps/game-service/image.json');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace('"retention": "environment"', '"retention": "release"'));
    const output = stripVTControlCharacters(await infraOk('diff:local'));
    await writeFile(file, text);
    expect(output).toMatch(/Number of stacks with differences: 1/);
    const changes = output.match(/^\[[~+-]\] .*$/gm);
    expect(changes).toEqual([expect.stringMatching(/AWS::ECR::Repository/)]);
    expect(output).toMatch(/LifecyclePolicy/);
    expect(output).not.toMatch(/\[[~+-]\] \.(?!LifecyclePolicy)[A-Z]\w+:/);
  });

  it('drift finds no drift in what was deployed', async () => {
    const { code, data } = await json('drift:local');
    expect(data).toMatchObject({ environment: 'local', drift: [] });
    expect(code).toBe(0);
  });

  it('drift finds a policy that was changed outside the stacks', async () => {
    const repositoryName = records;
    const { lifecyclePolicyText = '' } = await registry.ecr.send(
      new GetLifecyclePolicyCommand({ repositoryName }),
    );
    const policy = JSON.parse(lifecyclePolicyText);
    const put = (text: string) =>
      registry.ecr.send(
        new PutLifecyclePolicyCommand({ repositoryName, lifecyclePolicyText: text }),
      );
    await put(lifecyclePolicyText.replace('"countNumber":10}', '"countNumber":11}'));
    const { code, data } = await json('drift:local');
    expect(data.drift).toEqual([
      {
        repository: records,
        property: expect.stringMatching(/^lifecyclePolicy\.rules\.\d+\.selection\.countNumber$/),
        declared: 10,
        actual: 11,
      },
    ]);
    expect(code).toBe(1);
    expectFailure(await infra('drift:local'), records, /countNumber +10 +11/);
    // The same policy in another form is no drift.
    await put(JSON.stringify({ rules: policy.rules.reverse() }, null, 2));
    expect((await json('drift:local')).data.drift).toEqual([]);
  });

  it('cost sums real sizes, and fails over budget only with --fail-over-budget', async () => {
    const { code, data } = await json('cost:local', '--budget=0');
    expect(code).toBe(0);
    expect(data).toMatchObject({ overBudget: true, budget: 0 });
    const { bytes } = data.repositories.find(
      ({ repository }: { repository: string }) => repository === game,
    );
    expect(bytes).toBeGreaterThan(1_000_000);
    expectFailure(await infra('cost:local', '--budget=0', '--fail-over-budget'), /over budget/);
    expect(await infraOk('cost:local', '--fail-over-budget')).toMatch(/within budget/);
  });

  describe('an unknown name', () => {
    const names = {
      deploy: 'service',
      diff: 'service',
      synth: 'service',
      destroy: 'service',
      preview: 'repository',
      restore: 'repository',
    };
    const known = {
      service: /nope[^]*one of: game-service, record-service, api, realtime, workers/,
      repository: /nope[^]*(?=.*typerush\/game-service)(?=.*typerush\/record-service)/,
    };

    it('can be passed to no other target', async () => {
      const folder = 'tools/nx-ecr/src/targets';
      const found: Record<string, string[]> = {};
      for (const target of await readdir(workspace.path(folder))) {
        const schema = await readFile(workspace.path(folder, target, 'schema.json'), 'utf8').catch(
          () => '{}',
        );
        const options = Object.keys(JSON.parse(schema).properties ?? {});
        const taken = options.filter((option) => option in known);
        if (taken.length > 0) found[target] = taken;
      }
      expect(found).toEqual({ cdk: ['service'], preview: ['repository'], restore: ['repository'] });
      const { targets } = JSON.parse(await workspace.nxOk(['show', 'project', 'infra', '--json']));
      const cdk = Object.keys(targets).filter((name) => targets[name].executor.endsWith(':cdk'));
      expect(cdk.sort()).toEqual(
        Object.keys(names)
          .filter((name) => names[name as keyof typeof names] === 'service')
          .sort(),
      );
    });

    it.each(Object.entries(names))(
      'is rejected by %s, with the known ones',
      async (target, option) => {
        const args = [`--${option}=nope`];
        if (target === 'restore') {
          await infraOk('backup:local', '--to=backups/local/of-names');
          args.push('--from=backups/local/of-names');
        }
        if (target === 'destroy') args.push('--force');
        const before = await images();
        expectFailure(await infra(`${target}:local`, ...args), known[option as keyof typeof known]);
        expect(await images()).toEqual(before);
      },
    );
  });

  it('destroy fails without a backup of the images', async () => {
    const before = await images();
    const backup = /nx run infra:backup -c local --images/;
    expectFailure(await infra('destroy:local', '--yes'), game, records, backup, /--force/);
    await infraOk('backup:local');
    expectFailure(await infra('destroy:local', '--yes'), backup);
    expect(await images()).toEqual(before);
  });

  describe('with a backup of the images', () => {
    const folder = 'backups/local/of-this-test';
    let before: Awaited<ReturnType<typeof images>>;

    beforeAll(async () => {
      before = await images();
      await infraOk('backup:local', '--images', `--to=${folder}`);
    });

    it('restore brings back deleted images with their digests and tags', async () => {
      for (const repositoryName of [game, records]) {
        const imageIds = [...(await registry.images(repositoryName)).keys()].map((imageDigest) => ({
          imageDigest,
        }));
        // An image index that exists keeps its images: they are deleted in the second round.
        await registry.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
        await registry.ecr.send(new BatchDeleteImageCommand({ repositoryName, imageIds }));
        expect((await registry.images(repositoryName)).size).toBe(0);
      }
      const dry = await json('restore:local', `--from=${folder}`, '--dry-run');
      expect(dry.data).toMatchObject({ dryRun: true });
      expect((await registry.images(game)).size).toBe(0);
      expect(await infraOk('restore:local', `--from=${folder}`)).toMatch(
        /All images and tags of the backup are present/,
      );
      expect(await images()).toEqual(before);
    });

    it('restore names the command that repairs a deleted repository', async () => {
      await registry.ecr.send(new DeleteRepositoryCommand({ repositoryName: game, force: true }));
      const failed = await infra('restore:local', `--from=${folder}`);
      expectFailure(failed, game);
      const [, command = ''] = /nx (run infra:deploy .*?)`?$/m.exec(failed.output) ?? [];
      await workspace.nxOk(command.split(' '), registry.env);
      await infraOk('restore:local', `--from=${folder}`);
      expect(await images()).toEqual(before);
      expect((await json('drift:local')).data.drift).toEqual([]);
    });

    it('destroy succeeds, and restore brings back everything after the next deployment', async () => {
      await infraOk('destroy:local', '--yes');
      await infraOk('deploy:local');
      await infraOk('restore:local', `--from=${folder}`);
      expect(await images()).toEqual(before);
      expect((await json('drift:local')).data.drift).toEqual([]);
    });

    it('restore and destroy reject an interrupted backup', async () => {
      await rm(workspace.path(folder, 'backup.json'));
      expectFailure(await infra('restore:local', `--from=${folder}`), /interrupted/);
      expectFailure(await infra('destroy:local', '--yes'), game);
      await infraOk('backup:local', '--images', `--to=${folder}`);
    });
  });

  it('destroy keeps retained repositories with their images, and needs no backup of them', async () => {
    await infraOk('destroy:local', '--force');
    // prod, at the endpoint of the AWS variables.
    const env = {
      AWS_ENDPOINT_URL: registry.url,
      AWS_REGION: 'ap-southeast-1',
      AWS_ACCESS_KEY_ID: localCredentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: localCredentials.secretAccessKey,
    };
    await workspace.nxOk(['run', 'infra:deploy:prod'], env);
    await workspace.nxOk(['run', 'game-service:docker-push:local', '--engine=oci'], registry.env);
    const before = await registry.images(game);
    expect(before.size).toBeGreaterThan(0);
    await workspace.nxOk(['run', 'infra:destroy:prod', '--yes'], env);
    expect(await registry.images(game)).toEqual(before);
  });
});
