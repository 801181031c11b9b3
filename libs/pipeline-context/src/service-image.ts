import path from 'node:path';
import {
  imageFile,
  parseImageConfig,
  repositoryName,
  requireDistinctRepositories,
  type Destination,
  type Environment,
  type GateName,
  type ImageConfig,
  type ImageSigner,
} from '@typerush/image-registry';
import * as z from 'zod';
import { otherImages } from './other-images';
import { PipelineError } from './pipeline-error';
import { readRegistry } from './read-registry';
import { readWorkspaceFile } from './read-workspace-file';

/** A project in its workspace. An `ExecutorContext` of Nx is one. */
export interface WorkspaceProject {
  /** The workspace root: an absolute path. */
  readonly root: string;
  readonly projectName?: string;
  readonly projectsConfigurations: {
    readonly projects: Readonly<
      Record<
        string,
        { readonly root: string; readonly targets?: Readonly<Record<string, unknown>> }
      >
    >;
  };
}

/** A project with an image.json, as its files describe it. */
export interface ServiceImage {
  readonly project: string;
  readonly workspaceRoot: string;
  /** Relative to the workspace root. */
  readonly projectRoot: string;
  readonly config: ImageConfig;
  /** The prefix of repository names. */
  readonly namespace: string;
  /** With the namespace, for the environment. */
  readonly repository: string;
  /** The registries of the environment; empty if the AWS configuration determines it. */
  readonly destinations: readonly Destination[];
  /** What an image has to pass in the environment. */
  readonly gates: readonly GateName[];
  /** `npm`, or a folder or archive of OSV advisories; undefined for the default. */
  readonly advisories?: string;
  /** Where base images come from instead of their registries: addresses by host. */
  readonly baseMirrors: Readonly<Record<string, string>>;
  /** Who has to sign the images of the environment; empty or undefined if no signature is required. */
  readonly signers?: readonly ImageSigner[];
  /** Hosts of registries that are reached by plain HTTP. */
  readonly insecureRegistries: readonly string[];
  readonly version: string;
  readonly description?: string;
  /** The address of the source repository. */
  readonly source?: string;
  /** The SPDX expression of the project, or of the workspace. */
  readonly license?: string;
  /** The folder of the built image and its metadata. */
  readonly outDir: string;
}

const packageSchema = z.looseObject({
  version: z.string().default('0.0.0'),
  description: z.string().optional(),
  license: z.string().optional(),
  repository: z.union([z.string(), z.looseObject({ url: z.string() })]).optional(),
});

/** @throws ImageConfigError, RegistryConfigError, RepositoryNameError, RepositorySharedError, PipelineError `FILE_MISSING`, `PACKAGE_JSON_INVALID` */
export async function readServiceImage(
  context: WorkspaceProject,
  environment: Environment,
): Promise<ServiceImage> {
  const project = context.projectName ?? '';
  const projectRoot = context.projectsConfigurations.projects[project]?.root ?? '';
  const read = (file: string) => readWorkspaceFile(context.root, file);
  const configFile = path.posix.join(projectRoot, imageFile);
  const config = parseImageConfig(await read(configFile), configFile);
  const registry = await readRegistry(context.root);
  requireDistinctRepositories([
    ...(await otherImages(context))
      .filter(({ config: { repository } }) => repository === config.repository)
      .map(({ config: { repository }, file }) => ({ repository, declaredIn: file })),
    { repository: config.repository, declaredIn: configFile },
  ]);
  const readPackage = async (file: string) => parsePackage(await read(file), file);
  const workspace = await readPackage('package.json');
  // A project with a project.json may have no package.json: its version is that of the workspace.
  const own = await readPackage(path.posix.join(projectRoot, 'package.json')).catch(
    (error: unknown) => {
      if (error instanceof PipelineError && error.code === 'FILE_MISSING') return workspace;
      throw error;
    },
  );
  return {
    project,
    workspaceRoot: context.root,
    projectRoot,
    config,
    namespace: registry.namespace,
    repository: repositoryName({ registry, repository: config.repository, environment }),
    destinations: registry.destinations?.[environment] ?? [],
    gates: registry.gates?.[environment] ?? [],
    advisories: registry.advisories,
    baseMirrors: registry.baseMirrors?.[environment] ?? {},
    signers: registry.signers?.[environment] ?? [],
    insecureRegistries: registry.insecureRegistries ?? [],
    version: own.version,
    description: own.description,
    source: webAddress(workspace.repository),
    license: own.license ?? workspace.license,
    outDir: path.join(context.root, 'dist', 'images', project),
  };
}

function parsePackage(text: string, file: string): z.infer<typeof packageSchema> {
  try {
    return packageSchema.parse(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch (cause) {
    const problem = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new PipelineError(
      'PACKAGE_JSON_INVALID',
      `Cannot read ${file}: ${problem}\nFix: correct it.`,
      { cause },
    );
  }
}

/** npm writes `git+https://host/owner/name.git`; labels have an address for browsers. */
function webAddress(repository: z.infer<typeof packageSchema>['repository']): string | undefined {
  const url = typeof repository === 'string' ? repository : repository?.url;
  return url?.replace(/^git\+/, '').replace(/\.git$/, '');
}
