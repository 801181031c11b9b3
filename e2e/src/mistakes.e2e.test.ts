import { readFile, writeFile } from 'node:fs/promises';
import {
  DeleteRepositoryCommand,
  PutImageTagMutabilityCommand,
  type ImageTagMutability,
} from '@aws-sdk/client-ecr';
import { freePort } from './support/free-port';
import { LocalRegistry } from './support/local-registry';
import type { RunResult } from './support/run';
import { WorkspaceCopy } from './support/workspace-copy';

const repositoryName = 'typerush/game-service';
const push = ['run', 'game-service:docker-push:local', '--engine=oci'];

/** One message a person can act on: no stack trace, and a code that CI sees. */
function expectMessage({ code, output }: RunResult, ...parts: (string | RegExp)[]): void {
  expect(code).not.toBe(0);
  for (const part of parts) expect(output).toMatch(part);
  expect(output).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
}

describe('a mistake gets one clear message and changes nothing:', () => {
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

  it('a tag that another image holds in an immutable repository', async () => {
    const before = await registry.images(repositoryName);
    const [standing = ''] = before.keys();
    await setMutability('IMMUTABLE');
    await edited(
      'apps/game-service/src/main.ts',
      (text) => `${text}\nsetInterval(() => {}, 1).unref();\n`,
      async () => {
        // Other content under the same commit, so under the same tag: git is told not to look.
        await workspace.git('update-index', '--assume-unchanged', 'apps/game-service/src/main.ts');
        const result = await workspace.nx(push, registry.env);
        await workspace.git(
          'update-index',
          '--no-assume-unchanged',
          'apps/game-service/src/main.ts',
        );
        expectMessage(result, /immutable/i, /dev-[0-9a-f]{7}|latest/, standing);
      },
    );
    expect(await registry.images(repositoryName)).toEqual(before);
    await setMutability('MUTABLE');
  });

  it('a registry that does not answer', async () => {
    const port = String(await freePort());
    const result = await workspace.nx(push, { ECR_LOCAL_PORT: port });
    expectMessage(result, `127.0.0.1:${port}`, /npm start/);
  });

  it('a deployment to a registry that does not answer', async () => {
    const port = String(await freePort());
    const result = await workspace.nx(['run', 'infra:deploy:local'], { ECR_LOCAL_PORT: port });
    expectMessage(result, `127.0.0.1:${port}`, /npm start/);
  });

  it('a repository that does not exist, until provision makes it', async () => {
    await registry.ecr.send(new DeleteRepositoryCommand({ repositoryName, force: true }));
    const result = await workspace.nx(push, registry.env);
    expectMessage(result, repositoryName, /nx run game-service:provision/);
  });

  it('a Docker daemon that is down', async () => {
    const result = await workspace.nx(
      ['run', 'game-service:docker-build:local', '--engine=docker'],
      { DOCKER_HOST: `tcp://127.0.0.1:${await freePort()}` },
    );
    expectMessage(result, /docker/i, /--engine=oci/);
  });

  it('an image.json with a wrong field', async () => {
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
