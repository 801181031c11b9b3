import { getProjects, joinPathFragments, type ProjectConfiguration, type Tree } from '@nx/devkit';
import { imageFile, isRepositoryName, supportingStacks } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';

/** @throws PipelineError NAME_INVALID, PROJECT_EXISTS, DIRECTORY_TAKEN */
export function newServiceRoot(tree: Tree, name: string, directory?: string): string {
  assertName(name);
  const projects = getProjects(tree);
  const standing = projects.get(name);
  if (standing) {
    throw new PipelineError(
      'PROJECT_EXISTS',
      `There is a project "${name}", in ${standing.root}. Choose another name; nx g @typerush/nx-ecr:image --project=${name} makes an app that is there an image.`,
    );
  }
  const root = joinPathFragments(directory ?? `${appsFolder(tree, projects)}/${name}`);
  if (root.startsWith('..') || root.startsWith('/')) {
    throw new PipelineError('DIRECTORY_TAKEN', `${root} is not in this workspace.`);
  }
  if (tree.exists(root) && tree.children(root).length > 0) {
    throw new PipelineError(
      'DIRECTORY_TAKEN',
      `${root} is there, and not empty. Name another folder with --directory.`,
    );
  }
  return root;
}

function assertName(name: string): void {
  const reserved: readonly string[] = supportingStacks;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || !isRepositoryName(name)) {
    throw new PipelineError(
      'NAME_INVALID',
      `"${name}" cannot be the name of a service: it is also that of its package and its repository, so it takes lower-case letters and digits, joined by hyphens, a letter first and two characters at least.`,
    );
  }
  if (reserved.includes(name)) {
    throw new PipelineError(
      'NAME_INVALID',
      `A service cannot be called "${name}", for a stack of the registry is: ${reserved.join(', ')} are taken.`,
    );
  }
}

/** Where the workspace keeps its services: beside the images that it has, else in apps. */
function appsFolder(tree: Tree, projects: ReadonlyMap<string, ProjectConfiguration>): string {
  const images = [...projects.values()].filter(({ root }) =>
    tree.exists(joinPathFragments(root, imageFile)),
  );
  const folders = new Set(images.map(({ root }) => root.split('/').slice(0, -1).join('/')));
  const [only] = folders;
  return folders.size === 1 && only ? only : 'apps';
}

/** The tags that every image of the workspace has. */
export function commonTags(tree: Tree): string[] {
  const images = [...getProjects(tree).values()].filter(({ root }) =>
    tree.exists(joinPathFragments(root, imageFile)),
  );
  const [first, ...others] = images.map(({ tags = [] }) => tags);
  return (first ?? []).filter(
    (tag) => others.every((tags) => tags.includes(tag)) && tag !== 'npm:private',
  );
}
