import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { transform } from 'esbuild';
import { PipelineError } from '@typerush/pipeline-context';
import { type BundlePlan } from './bundle-plan';
import { findOwnFiles } from './file-use';

/** They load all modules of a folder when the service starts. */
const folderLoaders = [
  '@fastify/autoload',
  'include-all',
  'require-all',
  'require-dir',
  'require-directory',
];

/**
 * Own code that uses files beside its source files. In a bundle it is `service/main.js`, and only assets are beside it.
 *
 * @param files own modules in the bundle, relative to the workspace
 * @returns a warning for each use of a file that the bundle does not have
 * @throws PipelineError `MODULES_NOT_IMPORTED` if own code loads the modules of such a folder
 */
export async function findFilesBesideCode(
  plan: BundlePlan,
  files: readonly string[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const file of files.filter((each) => /\.[cm]?[jt]sx?$/.test(each))) {
    const source = await readFile(path.join(plan.workspaceRoot, file), 'utf8');
    const uses = (await pathsIn(source, file)).filter((each) => isMissing(plan, file, each));
    const loader = folderLoaders.find((name) => new RegExp(`['"]${name}['"]`).test(source));
    for (const use of uses) {
      if (loader !== undefined) throw notImported(file, use, loader);
      warnings.push(
        `${file}: uses ${JSON.stringify(use)} beside its own file, where the bundle has only service/main.js and assets. ${adviceFor(use)}`,
      );
    }
  }
  return warnings;
}

/** Relative to the file; before the first wildcard or unknown name. */
async function pathsIn(source: string, file: string): Promise<readonly string[]> {
  if (!/__dirname|__filename|import\.meta\./.test(source)) return [];
  const loader = /x$/.test(file) ? 'tsx' : 'ts';
  const { code } = await transform(source, { loader, logLevel: 'silent' });
  const { paths } = findOwnFiles(code);
  return paths.map(
    (each) => each.replace(/[^/]*[*?{].*$/, '').replace(/^(\.?\/)+|\/$/g, '') || '.',
  );
}

const placeOf = (use: string): string => path.posix.join('service', use);

/** Assets are in `service/` and `public/` only. */
const adviceFor = (use: string): string =>
  /^(service|public)(\/|$)/.test(placeOf(use))
    ? `Add it to "assets" in the options of the build target, to ${JSON.stringify(placeOf(use))}`
    : 'Import it, or move it beside the code and add it to "assets" in the options of the build target';

/** Whether a path that exists beside the source, as code or as data, does not exist beside the bundled code. */
function isMissing({ workspaceRoot, assets }: BundlePlan, file: string, use: string): boolean {
  const place = placeOf(use);
  const isAsset = assets.some(
    ({ to }) => place === to || place.startsWith(`${to}/`) || to.startsWith(`${place}/`),
  );
  const source = path.join(workspaceRoot, path.dirname(file), use);
  // A module is named as it is after compilation.
  const sources = [source, source.replace(/\.([cm]?)js$/, '.$1ts')];
  return !isAsset && sources.some((each) => existsSync(each));
}

const notImported = (file: string, use: string, loader: string) =>
  new PipelineError(
    'MODULES_NOT_IMPORTED',
    `Cannot bundle ${file}: ${loader} loads the modules of ${path.posix.join(path.posix.dirname(file), use)} when the service starts, ` +
      'and a bundle contains only modules that are imported.\n' +
      `Fix: import each module of the folder and register it itself: import plugin from './${use}/<module>'; fastify.register(plugin);\n` +
      `     or add the compiled modules to "assets" in the options of the build target, to ${JSON.stringify(placeOf(use))}.`,
  );
