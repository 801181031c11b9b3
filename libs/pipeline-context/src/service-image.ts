import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  imageFile,
  parseImageConfig,
  parseRegistryConfig,
  registryFile,
  repositoryName,
  type Destination,
  type Environment,
  type ImageConfig,
} from '@typerush/image-registry';
import { z } from 'zod';
import { PipelineError } from './pipeline-error';
import { type WorkspaceProject } from './workspace-project';

/** A project that is an image, as its files describe it. */
export interface ServiceImage {
  readonly project: string;
  readonly workspaceRoot: string;
  /** Relative to the workspace root. */
  readonly projectRoot: string;
  readonly config: ImageConfig;
  /** What every repository's name starts with. */
  readonly namespace: string;
  /** With the namespace, for the environment at hand. */
  readonly repository: string;
  /** Where the environment's images go; none where the AWS configuration says it. */
  readonly destinations: readonly Destination[];
  readonly version: string;
  readonly description?: string;
  /** The address of the source repository. */
  readonly source?: string;
  /** An SPDX expression: the project's, else the workspace's. */
  readonly license?: string;
  /** Everything about the built image is written here. */
  readonly outDir: string;
}

const packageSchema = z.looseObject({
  version: z.string().default('0.0.0'),
  description: z.string().optional(),
  license: z.string().optional(),
  repository: z.union([z.string(), z.looseObject({ url: z.string() })]).optional(),
});

/** @throws ImageConfigError, RegistryConfigError, RepositoryNameError, PipelineError `FILE_MISSING` */
export async function readServiceImage(
  context: WorkspaceProject,
  environment: Environment,
): Promise<ServiceImage> {
  const project = context.projectName ?? '';
  const projectRoot = context.projectsConfigurations.projects[project]?.root ?? '';
  const read = (file: string) => readText(context.root, file);
  const configFile = path.posix.join(projectRoot, imageFile);
  const config = parseImageConfig(await read(configFile), configFile);
  const registry = parseRegistryConfig(await read(registryFile));
  const workspace = parsePackage(await read('package.json'));
  // A project that project.json declares has no package of its own: its version is the workspace's.
  const own = await read(path.posix.join(projectRoot, 'package.json')).then(
    parsePackage,
    () => workspace,
  );
  return {
    project,
    workspaceRoot: context.root,
    projectRoot,
    config,
    namespace: registry.namespace,
    repository: repositoryName({ registry, repository: config.repository, environment }),
    destinations: registry.destinations?.[environment] ?? [],
    version: own.version,
    description: own.description,
    source: webAddress(workspace.repository),
    license: own.license ?? workspace.license,
    outDir: path.join(context.root, 'dist', 'images', project),
  };
}

const parsePackage = (text: string) => packageSchema.parse(JSON.parse(text));

/** npm writes `git+https://host/owner/name.git`; a label wants what a browser opens. */
function webAddress(repository: z.infer<typeof packageSchema>['repository']): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}

async function readText(root: string, file: string): Promise<string> {
  try {
    return await readFile(path.join(root, file), 'utf8');
  } catch (cause) {
    throw new PipelineError('FILE_MISSING', `${file} cannot be read in ${root}: create it.`, {
      cause,
    });
  }
}
