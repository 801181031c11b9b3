import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LocalRegistry } from './support/local-registry';
import { WorkspaceCopy } from './support/workspace-copy';

describe('nx affected -t docker-push', () => {
  let workspace: WorkspaceCopy;
  let registry: LocalRegistry;

  beforeAll(async () => {
    workspace = await WorkspaceCopy.create();
    registry = await LocalRegistry.start(workspace);
    await registry.createRepositories('typerush/game-service', 'typerush/record-service');
  });
  afterAll(async () => {
    await registry?.stop();
    await workspace?.remove();
  });

  /** Commits a change to one file and pushes what is affected. @returns the services that got a tag of the commit */
  const pushedAfterChange = async (file: string, line: string): Promise<string[]> => {
    await mkdir(dirname(workspace.path(file)), { recursive: true });
    await appendFile(workspace.path(file), line);
    await workspace.commit(`feat: change ${file}`);
    const sha = (await workspace.git('rev-parse', '--short=7', 'HEAD')).trim();
    await workspace.nxOk(
      ['affected', '-t', 'docker-push', '-c', 'local', '--engine=oci', '--base=HEAD~1'],
      registry.env,
    );
    const services = ['game-service', 'record-service'];
    const tags = await Promise.all(
      services.map(async (service) => [...(await registry.images(`typerush/${service}`)).values()]),
    );
    return services.filter((_, index) => tags[index]?.flat().includes(`dev-${sha}`));
  };

  it.each([
    [
      'one service',
      'apps/game-service/src/main.ts',
      '\nsetTimeout(() => {}, 0).unref();\n',
      ['game-service'],
    ],
    [
      'the other service',
      'apps/record-service/src/main.ts',
      '\n// A word more.\n',
      ['record-service'],
    ],
    ['a shared library', 'libs/contracts/src/index.ts', '\n', ['game-service', 'record-service']],
    ['the page', 'apps/web/src/main.tsx', "\ndocument.title = 'TypeRush';\n", ['game-service']],
    ['the Dockerfile', 'docker/service.Dockerfile', '\n', ['game-service', 'record-service']],
    [
      'a patch of a package',
      'patches/left-pad+1.3.0.patch',
      'diff --git a/a b/a\n',
      ['game-service', 'record-service'],
    ],
    [
      'a patch in another folder',
      '.yarn/patches/left-pad.patch',
      'diff --git a/a b/a\n',
      ['game-service', 'record-service'],
    ],
    ['the docs', 'docs/adr/9999-test.md', 'A decision.\n', []],
    ["a service's README", 'apps/game-service/README.md', '\nA word more.\n', []],
    ['the infrastructure', 'infra/src/main.ts', '\n', []],
  ])('pushes exactly the affected images after a change in %s', async (_, file, line, expected) => {
    expect(await pushedAfterChange(file, line)).toEqual(expected);
  });
});
