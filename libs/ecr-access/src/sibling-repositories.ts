import { type Environment, repositoryName } from '@typerush/image-registry';
import { otherImages, readRegistry, type WorkspaceProject } from '@typerush/pipeline-context';
import { type SiblingRepository } from './push-destination';

/** Limits the requests of a push: if none of so many has the layers of the base image, the others hardly have them. */
const limit = 20;

/** The repositories of the workspace's other images, to mount layers from. Projects that cannot be read are left out. */
export async function siblingRepositories(
  context: WorkspaceProject,
  environment: Environment,
): Promise<readonly SiblingRepository[]> {
  const registry = await readRegistry(context.root);
  const others = (await otherImages(context)).slice(0, limit);
  return others.flatMap(({ config: { repository } }) => {
    try {
      return [
        { name: repository, fullName: repositoryName({ registry, repository, environment }) },
      ];
    } catch {
      return [];
    }
  });
}
