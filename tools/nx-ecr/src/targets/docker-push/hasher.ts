import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { type CustomHasher } from '@nx/devkit';
import { name as packageName } from '../../../package.json';
import { describeRun, type PushedImage } from './run-summary';

type Context = Parameters<CustomHasher>[1];

let isAnnounced = false;

/**
 * The hash of Nx. What this adds is a summary at the end of a run with several pushes: Nx hides the output of tasks that succeed
 * in a terminal, and runs the hook `postTasksExecution` in its daemon, which has no terminal. A hasher runs in the process that
 * has one.
 */
const hashPush: CustomHasher = (task, context) => {
  if (!isAnnounced) announce(process.cwd(), Date.now(), context);
  isAnnounced = true;
  return context.hasher.hashTask(task, context.taskGraph, process.env);
};

function announce(root: string, startedAt: number, { taskGraph, ...context }: Context): void {
  const { projects } = context.projectsConfigurations;
  const pushes = Object.values(taskGraph.tasks).filter(({ target: { project, target } }) => {
    return projects[project]?.targets?.[target]?.executor === `${packageName}:docker-push`;
  });
  const isDryRun = pushes.some(({ overrides }) => overrides['dryRun'] || overrides['dry-run']);
  if (pushes.length < 2 || isDryRun) return;
  process.once('exit', () => {
    const images = pushes.map(({ target: { project } }) => ({
      project,
      image: readPushed(path.join(root, 'dist/images', project, 'push.json'), startedAt),
    }));
    process.stderr.write(describeRun(images));
  });
}

/** undefined if this run has not written it. */
function readPushed(file: string, startedAt: number): PushedImage | undefined {
  try {
    if (statSync(file).mtimeMs < startedAt) return undefined;
    return JSON.parse(readFileSync(file, 'utf8')) as PushedImage;
  } catch {
    return undefined;
  }
}

export default hashPush;
