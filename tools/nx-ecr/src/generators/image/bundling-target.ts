import { readNxJson, type TargetConfiguration, type Tree, updateNxJson } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { PipelineError } from '@typerush/pipeline-context';
import { PluginRegistration } from '../init/plugin-registration';

type Targets = Readonly<Record<string, TargetConfiguration>>;

/**
 * Sees to it that the plugin's bundling target and a target of the app's own do not have one name: the app keeps its `build`.
 *
 * @param targets all targets of the project, inferred ones too
 * @param asked the name that was asked for
 * @returns the name of the project's bundling target
 */
export function settleBundlingTarget(
  tree: Tree,
  projectRoot: string,
  targets: Targets,
  asked?: string,
): string {
  const nxJson = readNxJson(tree) ?? {};
  const registration = PluginRegistration.of(nxJson);
  const current = registration.buildTargetOf(projectRoot);
  const chosen = asked ?? [current ?? 'build', 'bundle', 'image-bundle'].find(isFree(targets));
  if (!chosen || !isFree(targets)(chosen)) {
    throw new PipelineError(
      'TARGET_TAKEN',
      `The project has a target "${asked ?? 'bundle'}" of its own: name the one that bundles it for its image with --buildTargetName.`,
    );
  }
  if (chosen !== current) updateNxJson(tree, registration.renamed(projectRoot, chosen));
  return chosen;
}

const isFree = (targets: Targets) => (name: string) => {
  const target = targets[name];
  // What a project says about an inferred target has no executor of its own.
  return !target || target.executor?.startsWith(`${packageName}:`) === true;
};
