import { joinPathFragments, type TargetConfiguration, type Tree, updateJson } from '@nx/devkit';

interface ProjectFile {
  targets?: Record<string, TargetConfiguration>;
  nx?: { targets?: Record<string, TargetConfiguration> };
}

/** Adds options to a target, in the file that declares the project: project.json, else package.json. */
export function addTargetOptions(
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
