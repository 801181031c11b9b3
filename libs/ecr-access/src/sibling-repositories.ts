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

/** One of so many has the base's layers, or none has. */
const enough = 20;

/** The repositories of the workspace's other images: what they hold need not be sent again. One that cannot be read is left out. */
export async function siblingRepositories(
  { root, projectName = '', projectsConfigurations }: WorkspaceProject,
  environment: Environment,
): Promise<readonly SiblingRepository[]> {
  const registry = parseRegistryConfig(await readFile(path.join(root, registryFile), 'utf8'));
  const others = Object.entries(projectsConfigurations.projects)
    .filter(([name, { targets }]) => name !== projectName && targets?.['docker-push'])
    .slice(0, enough);
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
