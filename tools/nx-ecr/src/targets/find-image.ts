import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { EcrRepositories, ecrCredentials, type EcrTarget, ecrTarget } from '@typerush/ecr-access';
import { layersOfBase } from '@typerush/image-build';
import { type ImagePlace } from '@typerush/image-comparison';
import { deployedTag, environments, isTag, type Environment } from '@typerush/image-registry';
import {
  dockerCredentials,
  isDigest,
  layoutOfArchive,
  OciLayout,
  parseReference,
  RegistryClient,
  RemoteRepository,
} from '@typerush/oci';
import {
  notBuilt,
  type PipelineEnvironment,
  PipelineError,
  readBuiltImage,
  readServiceImage,
  type WorkspaceProject,
} from '@typerush/pipeline-context';
import { bundleOf } from '@typerush/service-bundle';

export interface FindContext {
  readonly workspace: WorkspaceProject;
  readonly environment: Environment;
  readonly machine: PipelineEnvironment;
  /** A folder for the content of archives. */
  readonly temporary: (name: string) => Promise<string>;
}

/** An image, and where its scans are. */
export interface FoundImage extends ImagePlace {
  readonly scans?: {
    readonly target: EcrTarget;
    readonly environment: Environment;
    readonly repository: string;
  };
}

/** @throws PipelineError `IMAGE_UNKNOWN`, `NOT_BUILT`, those of ECR; OciError */
export async function findImage(text: string, context: FindContext): Promise<FoundImage> {
  if (text === 'built') return builtImage(context);
  const environment = environments.find((name) => name === text);
  if (environment)
    return findInRepository(deployedTag(environment), { ...context, environment }, text);
  if (/^(\.{1,2})?\//.test(text)) return onDisk(text, context);
  if (isDigest(text) || isTag(text)) return findInRepository(text, context);
  if (text.includes('/')) return byReference(text, context);
  throw new PipelineError(
    'IMAGE_UNKNOWN',
    `Cannot find the image ${JSON.stringify(text.slice(0, 80))}. Expected ${environments.join(', ')}, built, a tag, a digest, ` +
      'a reference such as host/team/app:tag, or a path that begins with ./ or /.',
  );
}

async function builtImage(context: FindContext): Promise<FoundImage> {
  const service = await readServiceImage(context.workspace, context.environment);
  const { outDir, project } = service;
  const built = await readBuiltImage(outDir);
  if (!built) throw notBuilt(project, 'compare');
  const { variables } = context.machine;
  const base = layersOfBase(built, { ...service, variables });
  return {
    name: 'the built image',
    source: await OciLayout.open(path.join(outDir, built.layout), base),
    reference: built.digest,
    packages: (await bundleOf(service))?.packages,
  };
}

/** An image in the repository of an environment. */
export async function findInRepository(
  reference: string,
  { workspace, environment, machine }: Omit<FindContext, 'temporary'>,
  name = reference,
): Promise<FoundImage> {
  const service = await readServiceImage(workspace, environment);
  const { project, repository: repositoryName, destinations } = service;
  const [first] = destinations;
  if (first?.registry !== undefined) {
    const separator = isDigest(reference) ? '@' : ':';
    const text = `${first.registry}/${service.config.repository}${separator}${reference}`;
    return byReference(text, { workspace, environment, machine });
  }
  const target = ecrTarget({ environment, destinations }, machine);
  const repository = await new EcrRepositories(target, { project, environment }).find(
    repositoryName,
  );
  return {
    name,
    source: new RemoteRepository(new RegistryClient(repository), repository.path),
    reference,
    scans: { target, environment, repository: repository.name },
  };
}

/** An image of any registry, with the credentials of Docker or, for ECR, of the AWS configuration. */
async function byReference(
  text: string,
  { workspace, environment, machine }: Omit<FindContext, 'temporary'>,
): Promise<FoundImage> {
  const { host, repository, tag, digest } = parseReference(text);
  const { insecureRegistries } = await readServiceImage(workspace, environment);
  const credentials = async () =>
    (await ecrCredentials(host, repository)) ??
    dockerCredentials({ host, path: repository, variables: machine.variables });
  const client = new RegistryClient({
    host,
    credentials,
    ...(insecureRegistries.includes(host) && { scheme: 'http' as const }),
  });
  const source = new RemoteRepository(client, repository);
  return { name: text, source, reference: digest ?? tag ?? 'latest' };
}

const imageOfPath = /^(.+?)(?:@(sha256:[0-9a-f]{64}))?$/;

/** A layout or an archive with one image, or with the one whose digest is given. */
async function onDisk(text: string, { workspace, temporary }: FindContext): Promise<FoundImage> {
  const [, file = text, digest] = imageOfPath.exec(text) ?? [];
  const location = path.resolve(workspace.root, file);
  if (!existsSync(location)) {
    throw new PipelineError('FILE_MISSING', `Cannot read ${location}: it does not exist.`);
  }
  const source = (await stat(location)).isDirectory()
    ? await OciLayout.open(location)
    : await layoutOfArchive(location, await temporary('archive'));
  const images = (await source.images()).map((image) => image.digest);
  const [only = '', ...more] = images;
  if (digest === undefined && (only === '' || more.length > 0)) {
    throw new PipelineError(
      'IMAGE_UNKNOWN',
      `Cannot choose an image of ${file}: it has ${images.length}.\n` +
        (only
          ? `Fix: name one: ${images.map((one) => `${file}@${one}`).join(', ')}`
          : 'Fix: build it again.'),
    );
  }
  return { name: text, source, reference: digest ?? only };
}
