import { joinPathFragments, type Tree } from '@nx/devkit';
import { addTargetOptions } from '../project-targets';

const usual = { main: 'src/main.ts', tsConfig: 'tsconfig.json' };

/** Tells the bundling target where an app begins, if that is not where it looks by itself. */
export function pointAtSources(
  tree: Tree,
  projectRoot: string,
  bundling: string,
  main: string,
): void {
  const tsConfig = ['tsconfig.app.json', usual.tsConfig].find((file) =>
    tree.exists(joinPathFragments(projectRoot, file)),
  );
  const options = {
    ...(main !== usual.main && { main: `{projectRoot}/${main}` }),
    ...(tsConfig && tsConfig !== usual.tsConfig && { tsConfig: `{projectRoot}/${tsConfig}` }),
  };
  if (Object.keys(options).length > 0) addTargetOptions(tree, projectRoot, bundling, options);
}
