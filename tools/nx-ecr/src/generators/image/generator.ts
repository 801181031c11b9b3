import {
  createProjectGraphAsync,
  formatFiles,
  type GeneratorCallback,
  getProjects,
  logger,
  type ProjectConfiguration,
  type TargetConfiguration,
  type Tree,
} from '@nx/devkit';
import { type RetentionProfile } from '@typerush/image-registry';
import { PipelineError } from '../../pipeline-error';
import initGenerator from '../init/generator';
import { findHealth, findPort, listensOnLoopback, readsPort } from './app-facts';
import { findMain, readSources, usualMains } from './app-sources';
import { settleBundlingTarget } from './bundling-target';
import { freePort, takenPorts, writeImageFile } from './image-file';
import { nextSteps } from './next-steps';
import { pointAtSources } from './source-options';

export interface ImageOptions {
  readonly project: string;
  readonly port?: number;
  readonly health?: string;
  readonly retention?: RetentionProfile;
  readonly repository?: string;
  readonly main?: string;
  readonly buildTargetName?: string;
  readonly skipFormat?: boolean;
}

type TargetsOf = (
  project: ProjectConfiguration & { name: string },
) => Promise<Record<string, TargetConfiguration>>;

/** With those that other plugins infer: the tree alone does not know them. */
const inferredTargets: TargetsOf = async ({ name }) => {
  const graph = await createProjectGraphAsync({ exitOnError: false });
  return graph.nodes[name]?.data.targets ?? {};
};

/** Makes an app of the workspace an image. A second run changes nothing. */
export default async function imageGenerator(
  tree: Tree,
  options: ImageOptions,
  targetsOf: TargetsOf = inferredTargets,
): Promise<GeneratorCallback> {
  const projects = getProjects(tree);
  const project = findApp(projects, options.project);
  const main = findMain(tree, project.root, options.main);
  if (!main) throw noMain(project.root, options.main);
  const targets = await targetsOf(project);
  await initGenerator(tree, { skipFormat: true });
  const bundling = settleBundlingTarget(tree, project.root, targets, options.buildTargetName);
  pointAtSources(tree, project.root, bundling, main);

  const sources = readSources(tree, project.root);
  const others = [...projects.values()]
    .map(({ root }) => root)
    .filter((root) => root !== project.root);
  const { port, health, retention, repository } = options;
  const found = { port: findPort(sources), health: findHealth(sources) };
  const config = writeImageFile(
    tree,
    project.root,
    {
      repository: repository ?? repositoryOf(project.name),
      retention: retention ?? 'environment',
      port: port ?? found.port ?? freePort(takenPorts(tree, others)),
      health: health ?? found.health ?? '/',
    },
    { port, health, retention, repository },
  );
  if (!options.skipFormat) await formatFiles(tree);
  return () =>
    logger.info(
      nextSteps({
        project: project.name,
        root: project.root,
        bundling,
        config,
        hasLockFile: tree.exists('package-lock.json'),
        readsPort: readsPort(sources),
        healthKnown: Boolean(health ?? found.health),
        loopback: listensOnLoopback(sources),
      }),
    );
}

function findApp(projects: ReturnType<typeof getProjects>, name: string) {
  const project = projects.get(name);
  if (!project) {
    throw new PipelineError(
      'PROJECT_MISSING',
      `There is no project "${name}" in this workspace. It has: ${[...projects.keys()].sort().join(', ') || 'none'}.`,
    );
  }
  if (project.projectType === 'library') {
    throw new PipelineError(
      'NOT_AN_APPLICATION',
      `The project "${name}" is a library: nothing in it can be started. Name the app that uses it.`,
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
      ? `There is no file ${given} in ${root}: --main names the file that the app begins with.`
      : `No file that the app begins with was found in ${root} (${usualMains.slice(0, 4).join(', ')}, ...). Name it with --main.`,
  );
