import { getProjects, joinPathFragments, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { imageFile, isRepositoryName, supportingStacks } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

/** @throws PipelineError NAME_INVALID, PROJECT_EXISTS, DIRECTORY_TAKEN */
export function newServiceRoot(tree: Tree, name: string, directory?: string): string {
  assertName(name);
  const projects = getProjects(tree);
  const existing = projects.get(name);
  if (existing) {
    throw new PipelineError(
      'PROJECT_EXISTS',
      `Project "${name}" exists in ${existing.root}. Choose another name, or add an image to the app: nx g @typerush/nx-ecr:image --project=${name}`,
    );
  }
  const root = joinPathFragments(directory ?? `${appsFolder(tree, projects)}/${name}`);
  if (root.startsWith('..') || root.startsWith('/')) {
    throw new PipelineError(
      'DIRECTORY_TAKEN',
      `Invalid folder "${root}": it is outside the workspace.`,
    );
  }
  if (tree.exists(root) && tree.children(root).length > 0) {
    throw new PipelineError(
      'DIRECTORY_TAKEN',
      `Folder ${root} is not empty. Specify another one with --directory.`,
    );
  }
  return root;
}

function assertName(name: string): void {
  const reserved: readonly string[] = supportingStacks;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || !isRepositoryName(name)) {
    throw new PipelineError(
      'NAME_INVALID',
      `Invalid service name "${name}". Expected lower-case letters, digits and single hyphens, starting with a letter, at least two characters: it is the name of its package and repository too.`,
    );
  }
  if (reserved.includes(name)) {
    throw new PipelineError(
      'NAME_INVALID',
      `Invalid service name "${name}": stacks of the registry use the names ${reserved.join(', ')}.`,
    );
  }
}

/** The folder of new services: that of the existing images, else apps. */
function appsFolder(tree: Tree, projects: ReadonlyMap<string, ProjectConfiguration>): string {
  const images = [...projects.values()].filter(({ root }) =>
    tree.exists(joinPathFragments(root, imageFile)),
  );
  const folders = new Set(images.map(({ root }) => root.split('/').slice(0, -1).join('/')));
  const [only] = folders;
  return folders.size === 1 && only ? only : 'apps';
}

/** The Nx tags that all images of the workspace share. */
export function commonTags(tree: Tree): string[] {
  const images = [...getProjects(tree).values()].filter(({ root }) =>
    tree.exists(joinPathFragments(root, imageFile)),
  );
  const [first, ...others] = images.map(({ tags = [] }) => tags);
  return (first ?? []).filter(
    (tag) => others.every((tags) => tags.includes(tag)) && tag !== 'npm:private',
  );
}
