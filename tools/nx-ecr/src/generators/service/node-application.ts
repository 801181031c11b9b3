import {
  ensurePackage,
  joinPathFragments,
  NX_VERSION,
  readProjectConfiguration,
  type TargetConfiguration,
  type Tree,
  updateProjectConfiguration,
} from '@nx/devkit';
import type * as nodePlugin from '@nx/node';
import { type Framework } from './options';
import { type WorkspaceStyle } from './workspace-style';

export interface NodeApplication {
  readonly name: string;
  readonly root: string;
  readonly framework: Framework;
  readonly port: number;
  readonly tags: readonly string[];
}

/** The target that compiles for `serve`. `build` bundles what the image contains. */
const compileTarget = 'build-development';

/** Of the workspace's own version of Nx: they work only together. */
export const nodeTools = () =>
  Object.fromEntries(['@nx/esbuild', '@nx/js', '@nx/node'].map((name) => [name, NX_VERSION]));

/**
 * Creates the application with the generator of `@nx/node`, and adapts what it declares to an image. A Nest application is
 * generated without a framework: `@nx/nest` refuses Nest 12, and the sources are written afterwards in any case.
 */
export async function generateNodeApplication(
  tree: Tree,
  { name, root, framework, port, tags }: NodeApplication,
  style: WorkspaceStyle,
): Promise<void> {
  const { applicationGenerator } = ensurePackage<typeof nodePlugin>('@nx/node', NX_VERSION);
  const rootPackage = tree.read('package.json');
  await applicationGenerator(tree, {
    name,
    directory: root,
    framework: framework === 'express' ? 'express' : 'none',
    bundler: 'esbuild',
    port,
    tags: tags.join(','),
    // Written afterwards, by the conventions of the workspace and at versions that are tested together.
    unitTestRunner: 'none',
    e2eTestRunner: 'none',
    linter: 'none',
    formatter: 'none',
    skipFormat: true,
    useProjectJson: !style.packages,
    addPlugin: false,
  });
  // It adds packages at versions of its own, also with `skipPackageJson`.
  if (rootPackage) tree.write('package.json', rootPackage);
  for (const file of ['tsconfig.app.json', 'src/assets/.gitkeep']) {
    tree.delete(joinPathFragments(root, file));
  }
  adaptTargets(tree, name, root, style.conditions);
}

/** `build` is that of the image; what Nx's generator declares as `build` serves development. */
function adaptTargets(tree: Tree, name: string, root: string, conditions: readonly string[]): void {
  const project = readProjectConfiguration(tree, name);
  const { build, serve } = project.targets ?? {};
  updateProjectConfiguration(tree, name, {
    ...project,
    targets: {
      [compileTarget]: forServe(build, root, conditions),
      serve: withDebugger(serve, name),
    },
  });
}

function forServe(
  build: TargetConfiguration | undefined,
  root: string,
  conditions: readonly string[],
): TargetConfiguration {
  const options = { ...(build?.options as Record<string, object> | undefined) };
  delete options['assets'];
  return {
    executor: build?.executor,
    outputs: build?.outputs,
    options: {
      ...options,
      outputPath: joinPathFragments(root, 'dist'),
      tsConfig: joinPathFragments(root, 'tsconfig.json'),
      // Libraries of the workspace are compiled in from their sources, so that a change in one restarts the service.
      bundle: true,
      thirdParty: false,
      // The target typecheck does it; a restart need not wait for it.
      skipTypeCheck: true,
      declaration: false,
      generatePackageJson: false,
      // esbuild does not read them from tsconfig.json.
      esbuildOptions: {
        ...options['esbuildOptions'],
        ...(conditions.length > 0 && { conditions }),
      },
    },
  };
}

/** A debugger on a free port: services of one workspace run at the same time. */
const withDebugger = (
  serve: TargetConfiguration | undefined,
  name: string,
): TargetConfiguration => ({
  executor: serve?.executor,
  continuous: true,
  options: { buildTarget: `${name}:${compileTarget}`, port: 0, debounce: 100 },
});
