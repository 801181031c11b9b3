import {
  addDependenciesToPackageJson,
  joinPathFragments,
  readNxJson,
  type TargetConfiguration,
  type Tree,
  updateJson,
  updateNxJson,
} from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { PipelineError } from '@typerush/pipeline-context';
import { PluginRegistration } from '../init/plugin-registration';
import { atVersion } from '../versions';

type Targets = Readonly<Record<string, TargetConfiguration>>;

/**
 * Names the bundling target of the plugin so that the app keeps a `build` target of its own.
 *
 * @param targets all targets of the project, inferred ones too
 * @param requested the requested name
 * @returns the name of the project's bundling target
 */
export function settleBundlingTarget(
  tree: Tree,
  projectRoot: string,
  targets: Targets,
  requested?: string,
): string {
  const nxJson = readNxJson(tree) ?? {};
  const registration = PluginRegistration.of(nxJson);
  const current = registration.buildTargetOf(projectRoot);
  const chosen = requested ?? [current ?? 'build', 'bundle', 'image-bundle'].find(isFree(targets));
  if (!chosen || !isFree(targets)(chosen)) {
    throw new PipelineError(
      'TARGET_TAKEN',
      `The project has a target "${requested ?? 'bundle'}" of its own. Specify another name for the bundling target with --buildTargetName.`,
    );
  }
  if (chosen !== current) updateNxJson(tree, registration.renamed(projectRoot, chosen));
  return chosen;
}

const isFree = (targets: Targets) => (name: string) => {
  const target = targets[name];
  // A project that only configures an inferred target sets no executor.
  return !target || target.executor?.startsWith(`${packageName}:`) === true;
};

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

interface ProjectFile {
  targets?: Record<string, TargetConfiguration>;
  nx?: { targets?: Record<string, TargetConfiguration> };
}

/** Adds options to a target, in the file that declares the project: project.json, else package.json. */
function addTargetOptions(
  tree: Tree,
  projectRoot: string,
  target: string,
  options: Readonly<Record<string, unknown>>,
): void {
  const merge = (targets: Record<string, TargetConfiguration> = {}) => ({
    ...targets,
    [target]: { ...targets[target], options: { ...targets[target]?.options, ...options } },
  });
  const projectJson = joinPathFragments(projectRoot, 'project.json');
  if (tree.exists(projectJson)) {
    updateJson<ProjectFile>(tree, projectJson, (json) => ({
      ...json,
      targets: merge(json.targets),
    }));
  } else {
    updateJson<ProjectFile>(tree, joinPathFragments(projectRoot, 'package.json'), (json) => ({
      ...json,
      nx: { ...json.nx, targets: merge(json.nx?.targets) },
    }));
  }
}
