import { existsSync } from 'node:fs';
import path from 'node:path';
import { type TargetConfiguration } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { inferredTarget } from '../inferred-target';

/** Writes `dist/<project root>`: a folder for each layer of the image, and bundle.json. */
export const buildTarget = (name: string, workspaceRoot: string): TargetConfiguration =>
  inferredTarget(name, {
    executor: `${packageName}:build`,
    description: 'Bundles a service for its image',
    example: { external: ['sharp'] },
    cache: true,
    dependsOn: ['^build'],
    inputs: [
      'production',
      '^production',
      // Assets that other projects build.
      { dependentTasksOutputFiles: '**/*' },
      ...installInputs,
      ...bundlerInputs(workspaceRoot),
    ],
    outputs: ['{options.outputPath}'],
    options: {
      main: '{projectRoot}/src/main.ts',
      tsConfig: '{projectRoot}/tsconfig.json',
      outputPath: 'dist/{projectRoot}',
    },
  });

/** What decides about the content of node_modules beside the lock file, which Nx hashes: patches, hooks and settings. */
const installInputs = [
  '{workspaceRoot}/patches/**/*',
  '{workspaceRoot}/**/*.patch',
  '{workspaceRoot}/.yarn/patches/**/*',
  '{workspaceRoot}/.npmrc',
  '{workspaceRoot}/.yarnrc.yml',
  '{workspaceRoot}/.pnpmfile.{cjs,mjs}',
  '{workspaceRoot}/pnpm-workspace.yaml',
  '{workspaceRoot}/bunfig.toml',
];

/**
 * The code of the bundler affects its output. An installed plugin is identified by its version, which pins the version of
 * esbuild; the plugin of this workspace by the sources of its bundler.
 */
function bundlerInputs(workspaceRoot: string): NonNullable<TargetConfiguration['inputs']> {
  const sources = path.resolve(
    require.resolve(`${packageName}/package.json`),
    '../../../libs/service-bundle/src',
  );
  const folder = path.relative(workspaceRoot, sources).split(path.sep).join('/');
  if (folder !== 'libs/service-bundle/src' || !existsSync(sources)) {
    return [{ externalDependencies: [packageName] }];
  }
  return [
    `{workspaceRoot}/${folder}/**/*.ts`,
    `!{workspaceRoot}/${folder}/**/*.test.ts`,
    { externalDependencies: ['acorn', 'esbuild'] },
  ];
}
