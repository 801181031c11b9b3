import { existsSync } from 'node:fs';
import path from 'node:path';
import { type CustomHasher, type Task } from '@nx/devkit';
import { buildIdentity } from '@typerush/image-build';
import { pluginIdentity } from '../../plugin-identity';
import { isNeededByAnother } from '../needed-by-another';
import { type DockerBuildOptions } from './options';

type Options = Partial<DockerBuildOptions>;
type Context = Parameters<CustomHasher>[1];

/**
 * Nx's own hash of the files and options that make an image, with what no file says: what the base image is now, and which
 * version of this plugin builds. Where that cannot be told, the task is not cached, and its run tells what is wrong.
 */
const hashBuild: CustomHasher = async (task, context) => {
  const options = optionsOf(task, context);
  // What is done to a daemon or only printed is in no file that could be restored.
  const isReported = options.json || options.outputFile !== undefined;
  if (options.dryRun || options.load || (isReported && !isNeeded(task, context))) {
    task.cache = false;
    return hashTask(task, context);
  }
  const hash = await hashLasting(task, context);
  try {
    const { projectsConfigurations } = context;
    const project = {
      root: findRoot(process.cwd()),
      projectName: task.target.project,
      projectsConfigurations,
    };
    const builder = await pluginIdentity();
    const identity = await buildIdentity(options, project, process.env, builder);
    return { ...hash, value: `${hash.value}-${identity}` };
  } catch {
    task.cache = false;
    return hash;
  }
};

const hashTask: CustomHasher = (task, { hasher, taskGraph }) =>
  hasher.hashTask(task, taskGraph, process.env);

/** The options that decide what is in the image; docker-push passes on its own ones too. */
const DECIDING = ['environment', 'engine', 'base', 'dockerfile', 'buildTarget', 'output'];

function hashLasting(task: Task, context: Context) {
  const { taskGraph } = context;
  const all = Object.entries(overridesOf(task));
  const overrides = Object.fromEntries(all.filter(([name]) => DECIDING.includes(name)));
  const lasting = { ...task, overrides };
  // Nx without its daemon hashes the task that it is given; the daemon takes it out of the graph, by its id.
  const tasks = { ...taskGraph.tasks, [task.id]: lasting };
  return hashTask(lasting, { ...context, taskGraph: { ...taskGraph, tasks } });
}

/** As they were written: Nx makes `dryRun` of `--dry-run` only when it runs the task. */
function overridesOf({ overrides }: Task): Record<string, unknown> {
  const all = Object.entries(overrides as Record<string, unknown>);
  return Object.fromEntries(all.map(([name, value]) => [camelCase(name), value]));
}

const camelCase = (name: string) =>
  name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function optionsOf(task: Task, { projectsConfigurations }: Context): Options {
  const { target } = task;
  const configured = projectsConfigurations.projects[target.project]?.targets?.[target.target];
  return {
    ...(configured?.options as Options | undefined),
    ...(configured?.configurations?.[target.configuration ?? ''] as Options | undefined),
    ...(overridesOf(task) as Options),
  };
}

function isNeeded({ target }: Task, { taskGraph }: Context): boolean {
  const { project, target: name, configuration } = target;
  return isNeededByAnother({
    projectName: project,
    targetName: name,
    configurationName: configuration,
    taskGraph,
  });
}

/** Nx's own `workspaceRoot` is this; importing the devkit for it takes longer than everything else here. */
function findRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'nx.json')) || parent === folder ? folder : findRoot(parent);
}

export default hashBuild;
