import { readNxJson, type TargetConfiguration, type Tree, updateNxJson } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { PipelineError } from '@typerush/pipeline-context';
import { PluginRegistration } from '../init/plugin-registration';

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
