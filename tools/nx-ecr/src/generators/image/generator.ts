import {
  createProjectGraphAsync,
  formatFiles,
  type GeneratorCallback,
  getProjects,
  installPackagesTask,
  logger,
  type ProjectConfiguration,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { lockFiles } from '@typerush/image-build';
import { type ImageConfig } from '@typerush/image-registry';
import { PipelineError } from '@typerush/pipeline-context';
import initGenerator from '../init/generator';
import { findHealth, findPort, handlesStopSignal, listensOnLoopback, readsPort } from './app-facts';
import { findMain, readSources, type SourceFile, usualMains } from './app-sources';
import { setBundlingOptions, settleBundlingTarget } from './bundling-target';
import { freePort, takenPorts, writeImageFile } from './image-file';
import { nextSteps } from './next-steps';
import { type ImageOptions } from './options';

type Project = ProjectConfiguration & { readonly name: string };

type TargetsOf = (project: Project) => Promise<Record<string, TargetConfiguration>>;

/** Includes targets that other plugins infer, which the tree does not contain. */
const inferredTargets: TargetsOf = async ({ name }) => {
  const graph = await createProjectGraphAsync({ exitOnError: false });
  return graph.nodes[name]?.data.targets ?? {};
};

/** Adds an image to an app of the workspace. A second run changes nothing. */
export default async function imageGenerator(
  tree: Tree,
  options: ImageOptions,
  targetsOf: TargetsOf = inferredTargets,
): Promise<GeneratorCallback> {
  const project = findApp(getProjects(tree), options.project);
  const main = findMain(tree, project.root, options.main);
  if (!main) throw noMain(project.root, options.main);
  const targets = await targetsOf(project);
  await initGenerator(tree, { skipFormat: true });
  const bundling = settleBundlingTarget(tree, project.root, targets, options.buildTargetName);
  setBundlingOptions(tree, project.root, bundling, main);
  const sources = readSources(tree, project.root);
  const config = writeConfig(tree, project, options, sources);
  if (!options.skipFormat) await formatFiles(tree);
  return () => {
    installPackagesTask(tree);
    logger.info(
      nextSteps({
        project: project.name,
        root: project.root,
        bundling,
        config,
        hasLockFile: lockFiles.some((file) => tree.exists(file)),
        readsPort: readsPort(sources),
        healthKnown: Boolean(options.health ?? findHealth(sources)),
        loopback: listensOnLoopback(sources),
        handlesStopSignal: handlesStopSignal(sources),
      }),
    );
  };
}

function writeConfig(
  tree: Tree,
  { name, root }: Project,
  { port, health, retention, repository }: ImageOptions,
  sources: readonly SourceFile[],
): ImageConfig {
  const others = [...getProjects(tree).values()].filter((other) => other.root !== root);
  const taken = takenPorts(
    tree,
    others.map((other) => other.root),
  );
  const config = {
    repository: repository ?? repositoryOf(name),
    retention: retention ?? 'environment',
    port: port ?? findPort(sources) ?? freePort(taken),
    health: health ?? findHealth(sources) ?? '/',
  };
  return writeImageFile(tree, root, config, { port, health, retention, repository });
}

/** The name of a project, or like Nx the part of it after the scope if only one project has it. */
function findApp(projects: ReturnType<typeof getProjects>, given: string): Project {
  const short = [...projects.keys()].filter((each) => repositoryOf(each) === given);
  const name = !projects.has(given) && short.length === 1 ? (short[0] ?? given) : given;
  const project = projects.get(name);
  if (!project) {
    throw new PipelineError(
      'PROJECT_MISSING',
      `Project "${name}" does not exist. Projects of this workspace: ${[...projects.keys()].sort().join(', ') || 'none'}.`,
    );
  }
  if (project.projectType === 'library') {
    throw new PipelineError(
      'NOT_AN_APPLICATION',
      `Cannot add an image to "${name}": it is a library. Specify the app that uses it.`,
    );
  }
  if (project.root === '.') {
    throw new PipelineError(
      'ROOT_PROJECT',
      `Cannot add an image to "${name}": it is the root of the workspace. Move it to a folder of its own, for example apps/${repositoryOf(name)}.`,
    );
  }
  return { ...project, name };
}

/** `web` of `@acme/web`. */
const repositoryOf = (project: string) => project.split('/').at(-1) ?? project;

const noMain = (root: string, given?: string) =>
  new PipelineError(
    'MAIN_MISSING',
    given
      ? `File ${given} does not exist in ${root}. Specify the entry file of the app with --main.`
      : `No entry file found in ${root} (${usualMains.slice(0, 4).join(', ')}, ...). Specify it with --main.`,
  );
