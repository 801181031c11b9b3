import { type ExecutorContext } from '@nx/devkit';

type RunningTask = Pick<
  ExecutorContext,
  'projectName' | 'targetName' | 'configurationName' | 'taskGraph'
>;

/** Whether another task of this run depends on the running one: it was then not requested by name. */
export function isNeededByAnother({
  projectName,
  targetName,
  configurationName,
  taskGraph,
}: RunningTask): boolean {
  const id = [projectName, targetName, configurationName].filter(Boolean).join(':');
  return Object.values(taskGraph?.dependencies ?? {}).some((needed) => needed.includes(id));
}
