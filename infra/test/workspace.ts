import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const imageConfig = {
  repository: 'game-service',
  retention: 'environment',
  port: 3000,
  health: '/health',
};

const registryConfig = {
  namespace: 'typerush',
  naming: 'shared',
  systems: [
    {
      namespace: 'typerush',
      naming: 'per-environment',
      retention: 'release',
      services: ['api', 'realtime', 'workers'],
    },
  ],
};

/** A workspace in a folder of its own, with one service and an app that is none. */
export class FixtureWorkspace {
  static async create(): Promise<FixtureWorkspace> {
    const workspace = new FixtureWorkspace(await mkdtemp(path.join(tmpdir(), 'infra-')));
    await workspace.write('registry.json', registryConfig);
    await workspace.write('apps/game-service/image.json', imageConfig);
    await mkdir(path.join(workspace.root, 'apps/web'));
    return workspace;
  }

  private constructor(readonly root: string) {}

  async write(file: string, content: unknown): Promise<void> {
    await mkdir(path.dirname(path.join(this.root, file)), { recursive: true });
    await writeFile(path.join(this.root, file), JSON.stringify(content));
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }
}
