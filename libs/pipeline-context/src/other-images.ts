import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type ImageConfig, imageFile, parseImageConfig } from '@typerush/image-registry';
import { type WorkspaceProject } from './service-image';

/** The `image.json` of another project. */
export interface OtherImage {
  /** Relative to the workspace root. */
  readonly file: string;
  readonly config: ImageConfig;
}

/** The other images of the workspace. Files that cannot be read are left out: their own targets report them. */
export async function otherImages({
  root,
  projectName = '',
  projectsConfigurations,
}: WorkspaceProject): Promise<readonly OtherImage[]> {
  const others = Object.entries(projectsConfigurations.projects).filter(
    ([name, { targets }]) => name !== projectName && targets?.['docker-push'],
  );
  const found = await Promise.all(
    others.map(async ([, project]): Promise<OtherImage[]> => {
      const file = path.posix.join(project.root, imageFile);
      try {
        const text = await readFile(path.join(root, file), 'utf8');
        return [{ file, config: parseImageConfig(text, file) }];
      } catch {
        return [];
      }
    }),
  );
  return found.flat();
}
