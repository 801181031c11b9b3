import {
  addDependenciesToPackageJson,
  joinPathFragments,
  readJson,
  readProjectConfiguration,
  type TargetConfiguration,
  type Tree,
  updateJson,
  updateProjectConfiguration,
  writeJson,
} from '@nx/devkit';
import { packageScope } from '../init/default-namespace';
import { nodeTools } from './node-application';
import { dependenciesOf, devDependenciesOf, type ServiceKind, toolsOf } from './packages';
import { rootPackage, type WorkspaceStyle } from './workspace-style';

export interface NewProject extends ServiceKind {
  readonly name: string;
  readonly root: string;
  readonly tags: readonly string[];
  readonly description: string;
  readonly targets: Readonly<Record<string, TargetConfiguration>>;
}

/** Declares what an image needs of the generated application, by the conventions of the workspace. */
export function declareProject(tree: Tree, project: NewProject, style: WorkspaceStyle): void {
  const { name, targets } = project;
  const generated = readProjectConfiguration(tree, name);
  updateProjectConfiguration(tree, name, {
    ...generated,
    targets: { ...generated.targets, ...targets },
  });
  if (style.packages) declarePackage(tree, project);
  else addDependencies(tree, project);
  addMissing(tree, { ...toolsOf(style), ...nodeTools() });
  addReference(tree, project.root);
}

function declarePackage(tree: Tree, { name, root, ...project }: NewProject): void {
  const { license } = rootPackage(tree);
  const scope = packageScope(tree);
  const file = joinPathFragments(root, 'package.json');
  const { nx = {} } = readJson<{ nx?: { tags?: string[]; targets?: object } }>(tree, file);
  writeJson(tree, file, {
    name: scope ? `@${scope}/${name}` : name,
    version: '0.1.0',
    description: project.description,
    private: true,
    ...(license && { license }),
    nx: { name, tags: project.tags, targets: nx.targets },
    dependencies: sorted(dependenciesOf(project)),
    devDependencies: sorted(devDependenciesOf(project)),
  });
  joinWorkspaces(tree, root);
}

function addDependencies(tree: Tree, project: NewProject): void {
  addDependenciesToPackageJson(
    tree,
    dependenciesOf(project),
    devDependenciesOf(project),
    'package.json',
    true,
  );
}

/** Adds the folder to the root's workspaces if none of their patterns matches it. */
function joinWorkspaces(tree: Tree, root: string): void {
  const { workspaces } = readJson<{ workspaces?: string[] | { packages?: string[] } }>(
    tree,
    'package.json',
  );
  const patterns = Array.isArray(workspaces) ? workspaces : workspaces?.packages;
  if (!patterns || patterns.some((pattern) => covers(pattern, root))) return;
  updateJson(tree, 'package.json', (json) => {
    const extended = [...patterns, root];
    return {
      ...json,
      workspaces: Array.isArray(workspaces) ? extended : { ...workspaces, packages: extended },
    };
  });
}

/** The patterns that npm documents: a folder, or a folder with `*` for a segment or `**` for any number of them. */
function covers(pattern: string, root: string): boolean {
  const source = pattern
    .replace(/^\.\//, '')
    .replace(/\/$/, '')
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/\*+/g, (stars) => (stars.length > 1 ? '.+' : '[^/]+'));
  return new RegExp(`^${source}$`).test(root);
}

function addMissing(tree: Tree, tools: Readonly<Record<string, string>>): void {
  addDependenciesToPackageJson(tree, {}, tools, 'package.json', true);
}

/** A root tsconfig.json with references builds all projects; `nx sync` would require the new one too. */
function addReference(tree: Tree, root: string): void {
  if (!tree.exists('tsconfig.json')) return;
  const { references } = readJson<{ references?: { path: string }[] }>(tree, 'tsconfig.json');
  if (!references || references.some(({ path }) => path === `./${root}`)) return;
  updateJson(tree, 'tsconfig.json', (json) => ({
    ...json,
    references: [...references, { path: `./${root}` }],
  }));
}

const sorted = (packages: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(packages).sort(([one], [other]) => (one < other ? -1 : 1)));
