import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CustomHasher, type Task } from '@nx/devkit';
import { buildIdentity } from '@typerush/image-build';
import { name as packageName, version } from '../../../package.json';
import { replacedConfiguration } from '../../requested-configuration';
import { isNeededByAnother } from '../needed-by-another';
import { type DockerBuildOptions } from './options';

type Options = Partial<DockerBuildOptions>;
type Context = Parameters<CustomHasher>[1];

/**
 * The hash that Nx computes of files and options, extended by inputs in no file: the current digest of the base image and the
 * version of this plugin. If these are unknown, the task is not cached, and its run reports the error.
 */
const hashBuild: CustomHasher = async (task, context) => {
  const options = optionsOf(task, context);
  // Changes to a daemon and printed output cannot be restored from the cache.
  const isReported = options.json || options.outputFile !== undefined;
  // Nx has replaced an unknown configuration by the default: the task has to run, and report it.
  const { project: projectName, target: targetName, configuration } = task.target;
  const isReplaced = replacedConfiguration({
    projectName,
    targetName,
    configurationName: configuration,
  });
  if (isReplaced || options.dryRun || options.load || (isReported && !isNeeded(task, context))) {
    task.cache = false;
    return hashTask(task, context);
  }
  const hash = await hashContent(task, context);
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

/** The options that affect the content of the image; forwarded ones do not. */
const DECIDING = ['environment', 'engine', 'base', 'dockerfile', 'buildTarget', 'output'];

function hashContent(task: Task, context: Context) {
  const { taskGraph } = context;
  const all = Object.entries(overridesOf(task));
  const overrides = Object.fromEntries(all.filter(([name]) => DECIDING.includes(name)));
  const contentTask = { ...task, overrides };
  // Nx without its daemon hashes the given task; the daemon looks it up in the graph by its id.
  const tasks = { ...taskGraph.tasks, [task.id]: contentTask };
  return hashTask(contentTask, { ...context, taskGraph: { ...taskGraph, tasks } });
}

/** Nx converts `--dry-run` to `dryRun` only when it runs the task. */
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

/** The same as `workspaceRoot` of the devkit, whose import takes longer than everything else here. */
function findRoot(folder: string): string {
  const parent = path.dirname(folder);
  return existsSync(path.join(folder, 'nx.json')) || parent === folder ? folder : findRoot(parent);
}

let known: Promise<string> | undefined;

/**
 * Identifies the code of this plugin, which changes within a version: an image that other code built must not be restored
 * from a cache.
 */
const pluginIdentity = (): Promise<string> => (known ??= identify());

async function identify(): Promise<string> {
  const folder = path.dirname(require.resolve(packageName));
  const files = await readdir(folder, { recursive: true });
  const hash = createHash('sha256');
  for (const file of files.filter((each) => each.endsWith('.js')).sort()) {
    hash.update(file).update(await readFile(path.join(folder, file)));
  }
  return `${packageName}@${version}+${hash.digest('hex')}`;
}

export default hashBuild;
