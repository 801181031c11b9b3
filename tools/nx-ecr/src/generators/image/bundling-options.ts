import { addDependenciesToPackageJson, joinPathFragments, type Tree } from '@nx/devkit';
import { addTargetOptions } from '../project-targets';
import { atVersion } from '../versions';

const usual = { main: 'src/main.ts', tsConfig: 'tsconfig.json' };
/** Generators of Nx write compiler options for an app to the first. */
const compilerSettings = ['tsconfig.app.json', usual.tsConfig];

/** Sets the options of the bundling target that differ from its defaults. */
export function setBundlingOptions(
  tree: Tree,
  projectRoot: string,
  target: string,
  main: string,
): void {
  const files = compilerSettings.filter((file) =>
    tree.exists(joinPathFragments(projectRoot, file)),
  );
  const [tsConfig = usual.tsConfig] = files;
  const decoratorMetadata = files.some((file) =>
    /"emitDecoratorMetadata"\s*:\s*true/.test(
      tree.read(joinPathFragments(projectRoot, file), 'utf8') ?? '',
    ),
  );
  // esbuild emits no decorator metadata; swc does.
  if (decoratorMetadata) {
    addDependenciesToPackageJson(tree, {}, atVersion('@swc/core'), 'package.json', true);
  }
  const options = {
    ...(main !== usual.main && { main: `{projectRoot}/${main}` }),
    ...(tsConfig !== usual.tsConfig && { tsConfig: `{projectRoot}/${tsConfig}` }),
    ...(decoratorMetadata && { decoratorMetadata }),
  };
  if (Object.keys(options).length > 0) addTargetOptions(tree, projectRoot, target, options);
}
