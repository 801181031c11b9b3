import path from 'node:path';
import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../package.json';

/** `dist/<project root>` with a folder for each layer of the image, and what they are composed of. */
export const buildTarget = (workspaceRoot: string): TargetConfiguration => ({
  executor: `${packageName}:bundle`,
  cache: true,
  dependsOn: ['^build'],
  inputs: ['production', '^production', ...bundlerInputs(workspaceRoot)],
  outputs: ['{options.outputPath}'],
  options: {
    main: '{projectRoot}/src/main.ts',
    tsConfig: '{projectRoot}/tsconfig.json',
    outputPath: 'dist/{projectRoot}',
  },
});

/**
 * What bundles decides what comes out. An installed plugin is told by its version, which pins esbuild's; one of the workspace
 * itself by its sources.
 */
function bundlerInputs(workspaceRoot: string): NonNullable<TargetConfiguration['inputs']> {
  const root = path.relative(workspaceRoot, path.resolve(__dirname, '../..'));
  const folder = root.split(path.sep).join('/');
  if (/^\.\.|(^|\/)node_modules\//.test(folder)) return [{ externalDependencies: [packageName] }];
  const sources = `{workspaceRoot}/${folder}/src/bundle`;
  return [
    `${sources}/**/*.ts`,
    `!${sources}/**/*.test.ts`,
    { externalDependencies: ['acorn', 'esbuild'] },
  ];
}
