import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  type Environment,
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  registryFile,
  repositoryName,
} from '@typerush/image-registry';
import { type WorkspaceProject } from '@typerush/pipeline-context';
import { type SiblingRepository } from './push-destination';

/** Limits the requests of a push: if none of so many has the layers of the base image, the others hardly have them. */
const limit = 20;

/** The repositories of the workspace's other images, to mount layers from. Projects that cannot be read are left out. */
export async function siblingRepositories(
  { root, projectName = '', projectsConfigurations }: WorkspaceProject,
  environment: Environment,
): Promise<readonly SiblingRepository[]> {
  const registry = parseRegistryConfig(await readFile(path.join(root, registryFile), 'utf8'));
  const others = Object.entries(projectsConfigurations.projects)
    .filter(([name, { targets }]) => name !== projectName && targets?.['docker-push'])
    .slice(0, limit);
  const found = await Promise.all(
    others.map(async ([, project]) => {
      const file = path.join(project.root, imageFile);
      try {
        const config = parseImageConfig(await readFile(path.join(root, file), 'utf8'), file);
        const { repository } = config;
        return [
          { name: repository, fullName: repositoryName({ registry, repository, environment }) },
        ];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
