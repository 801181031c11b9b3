import { joinPathFragments, type Tree, visitNotIgnoredFiles } from '@nx/devkit';

export interface SourceFile {
  /** Relative to the app. */
  readonly path: string;
  readonly text: string;
}

const isSource = (path: string) =>
  /\.[cm]?[jt]s$/.test(path) &&
  !/\.d\.[cm]?ts$|\.(test|spec)\.|\.config\.|(^|\/)(test|tests|e2e|dist|node_modules)\//.test(path);

/** The source code of an app, without tests and configuration of tools. */
export function readSources(tree: Tree, projectRoot: string): SourceFile[] {
  const files: SourceFile[] = [];
  visitNotIgnoredFiles(tree, projectRoot, (file) => {
    const path = projectRoot === '.' ? file : file.slice(projectRoot.length + 1);
    if (isSource(path)) files.push({ path, text: tree.read(file, 'utf8') ?? '' });
  });
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

const folders = ['src/', ''];
const names = ['main', 'server', 'index', 'app'];
const endings = ['.ts', '.mts', '.js', '.mjs', '.cjs'];

/** Usual entry files of Node and common generators, likeliest first. */
export const usualMains = folders.flatMap((folder) =>
  names.flatMap((name) => endings.map((ending) => `${folder}${name}${ending}`)),
);

/**
 * The entry file of an app, relative to it: the one given, the one that package.json names if it is source, or one of
 * {@link usualMains}. Undefined if none exists.
 */
export function findMain(tree: Tree, projectRoot: string, given?: string): string | undefined {
  const exists = (path: string) => tree.isFile(joinPathFragments(projectRoot, path));
  const named = packageMain(tree, projectRoot);
  const candidates = given ? [withinProject(given, projectRoot)] : [...named, ...usualMains];
  return candidates.find(exists);
}

/** `--main=apps/api/src/server.ts` means the same as `--main=src/server.ts`. */
const withinProject = (path: string, projectRoot: string) =>
  path.startsWith(`${projectRoot}/`) ? path.slice(projectRoot.length + 1) : path;

function packageMain(tree: Tree, projectRoot: string): string[] {
  const file = joinPathFragments(projectRoot, 'package.json');
  const { main } = JSON.parse(tree.read(file, 'utf8') ?? '{}') as { main?: unknown };
  return typeof main === 'string' && !/^(\.\/)?(dist|build|out|lib)\//.test(main)
    ? [main.replace(/^\.\//, '')]
    : [];
}
