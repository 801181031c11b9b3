import { readFile, writeFile } from 'node:fs/promises';
import {
  DescribeRepositoriesCommand,
  PutImageTagMutabilityCommand,
  type ImageTagMutability,
} from '@aws-sdk/client-ecr';
import { freePort } from './support/free-port';
import { LocalRegistry } from './support/local-registry';
import type { RunResult } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const repositoryName = 'typerush/game-service';
const push = ['run', 'game-service:docker-push:local', '--engine=oci'];

/** A message with a fix, without a stack trace, and an exit code that fails CI. */
function expectMessage({ code, output }: RunResult, ...parts: (string | RegExp)[]): void {
  expect(code).not.toBe(0);
  for (const part of parts) expect(output).toMatch(part);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

describe('a message with a fix, and no change in the registry, for', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await workspace.nxOk(['run', 'infra:deploy:local'], registry.env);
    await workspace.nxOk(push, registry.env);
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  let before: Map<string, string[]>;
  beforeEach(async () => {
    before = await registry.images(repositoryName);
  });
  afterEach(async () => {
    expect(await registry.images(repositoryName)).toEqual(before);
  });

  const setMutability = (imageTagMutability: ImageTagMutability) =>
    registry.ecr.send(new PutImageTagMutabilityCommand({ repositoryName, imageTagMutability }));

  const edited = async (
    file: string,
    edit: (text: string) => string,
    body: () => Promise<void>,
  ) => {
    const text = await readFile(workspace.path(file), 'utf8');
    await writeFile(workspace.path(file), edit(text));
    try {
      await body();
    } finally {
      await writeFile(workspace.path(file), text);
    }
  };

  it('an immutable tag that points to another image', async () => {
    // Referrers of the image are listed too, without a tag.
    const [current = ''] = [...before].find(([, tags]) => tags.includes('latest')) ?? [];
    await setMutability('IMMUTABLE');
    await edited(
      'apps/game-service/src/main.ts',
      (text) => `${text}\nsetInterval(() => {}, 1).unref();\n`,
      async () => {
        // Other content with the same commit, and so the same tag: Git ignores the change.
        await workspace.git('update-index', '--assume-unchanged', 'apps/game-service/src/main.ts');
        const result = await workspace.nx(push, registry.env);
        await workspace.git(
          'update-index',
          '--no-assume-unchanged',
          'apps/game-service/src/main.ts',
        );
        expectMessage(result, /immutable/i, /dev-[0-9a-f]{7}|latest/, current);
      },
    );
    await setMutability('MUTABLE');
  });

  it('a configuration that does not exist', async () => {
    const command = ['run', 'game-service:docker-push', '-c', 'production', '--engine=oci'];
    const result = await workspace.nx(command, registry.env);
    expectMessage(result, 'no configuration "production"', /use one of local, dev, staging, prod/);
  });

  it('a repository that another service declares', async () => {
    const share = (text: string) => text.replace('"record-service"', '"game-service"');
    await edited('apps/record-service/image.json', share, async () => {
      const result = await workspace.nx(push, registry.env);
      expectMessage(result, 'apps/game-service/image.json', 'apps/record-service/image.json');
      const synthesis = await workspace.nx(['run', 'infra:synth:local']);
      expectMessage(synthesis, 'apps/game-service/image.json', 'apps/record-service/image.json');
    });
  });

  it('an unreachable registry', async () => {
    const port = String(await freePort());
    const result = await workspace.nx(push, { ECR_LOCAL_PORT: port });
    expectMessage(result, `127.0.0.1:${port}`, /npm start/);
  });

  it('a deployment to an unreachable registry', async () => {
    const port = String(await freePort());
    const result = await workspace.nx(['run', 'infra:deploy:local'], { ECR_LOCAL_PORT: port });
    expectMessage(result, `127.0.0.1:${port}`, /npm start/);
  });

  it('a repository that does not exist, until a push with --provision creates it', async () => {
    const empty = await LocalRegistry.start(workspace);
    try {
      const rejected = await workspace.nx(push, empty.env);
      expectMessage(rejected, repositoryName, /provision -c local, or push with --provision/);
      const { repositories } = await empty.ecr.send(new DescribeRepositoriesCommand({}));
      expect(repositories).toEqual([]);

      await workspace.nxOk([...push, '--provision'], empty.env);
      expect([...(await empty.images(repositoryName)).values()].flat()).toContain('latest');
    } finally {
      await empty.stop();
    }
  });

  it('a Docker daemon that is down', async () => {
    const result = await workspace.nx(
      ['run', 'game-service:docker-build:local', '--engine=docker'],
      { DOCKER_HOST: `tcp://127.0.0.1:${await freePort()}` },
    );
    expectMessage(result, /docker/i, /--engine=oci/);
  });

  it('an image.json with an unknown field', async () => {
    await edited(
      'apps/game-service/image.json',
      (text) => text.replace('"retention"', '"retension"'),
      async () => {
        const result = await workspace.nx([
          'run',
          'game-service:docker-build:local',
          '--engine=oci',
        ]);
        expectMessage(result, 'apps/game-service/image.json', 'retension', 'retention');
        const deploy = await workspace.nx(['run', 'infra:synth:local'], registry.env);
        expectMessage(deploy, 'apps/game-service/image.json', 'retension');
      },
    );
  });

  it('an engine that does not exist', async () => {
    const result = await workspace.nx([
      'run',
      'game-service:docker-build:local',
      '--engine=kaniko',
    ]);
    expectMessage(result, 'kaniko', /oci/);
  });
});
