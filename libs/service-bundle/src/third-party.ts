import path from 'node:path';

const slashes = (file: string) => file.split(path.sep).join('/');

/** Third-party is what was installed; our own is the rest, workspace libraries among it. */
export function isThirdParty(workspaceRoot: string, file: string): boolean {
  return /(^|\/)node_modules\//.test(slashes(path.relative(workspaceRoot, file)));
}

/**
 * A third-party file without the place that it was found in: packages may be linked from outside of the workspace, and
 * nothing that names a folder of this machine is to get into a bundle.
 */
export const placelessPath = (relative: string) =>
  slashes(relative).replace(/^(\.\.\/)+(.*?\/)?(?=node_modules\/)/, '');

/** The folder of the package that a third-party file belongs to: `.../node_modules/@scope/name`. */
export function packageFolder(file: string): string {
  const [folder] = /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(slashes(file)) ?? [file];
  return folder;
}

/** `@scope/name` of `@scope/name/some/module.js`. */
export const packageName = (specifier: string) =>
  /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier;
