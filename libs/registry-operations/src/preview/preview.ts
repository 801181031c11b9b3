import { type Environment } from '@typerush/image-registry';
import { isIndexMediaType } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { declaredRepositories } from '../declared/declared';
import { readAssembly } from '../declared/read-assembly';
import { unknownParameters } from '../declared/resolve-intrinsics';
import { type RemoteImage, type RemoteRegistry, sizedImage } from '../remote-registry';
import { parseInstant } from './described-images';
import { previewFiles, readTextFile } from './preview-files';
import { type PolicyPreview, previewPolicy } from './preview-policy';

export interface PreviewOptions {
  readonly environment: Environment;
  /** A file with a policy. */
  readonly policy?: string;
  /** A file with images. */
  readonly images?: string;
  /** An ISO date. */
  readonly now?: string;
  /** The full name of a repository. Default: all. */
  readonly repository?: string;
  /** The policies in the synthesized stacks instead of those in the registry. */
  readonly declared: boolean;
}

export interface PreviewContext {
  readonly workspaceRoot: string;
  /** The folder that file names are relative to. */
  readonly cwd: string;
  now(): Date;
  /** Not called if both the policy and the images are in files. */
  registry(): RemoteRegistry;
}

/**
 * What lifecycle policies would do: the policy of a file to the images of a file, or policies to the images in a registry.
 *
 * @throws PipelineError
 */
export async function preview(
  options: PreviewOptions,
  context: PreviewContext,
): Promise<readonly PolicyPreview[]> {
  checkOptions(options);
  const at = options.now === undefined ? context.now() : parseNow(options.now);
  const { policy, images } = options;
  if (policy !== undefined && images !== undefined) {
    return [await previewFiles({ policy, images }, context.cwd, at)];
  }
  const registry = context.registry();
  const previews: PolicyPreview[] = [];
  for (const repository of await previewedRepositories(registry, options, context)) {
    previews.push(await previewRepository(registry, repository, at));
  }
  return previews;
}

/** A repository and the policy to evaluate on its images. */
interface PreviewedRepository {
  readonly name: string;
  /** The text of the policy. */
  readonly policy: string;
  /** Where the policy comes from, for messages. */
  readonly source: string;
}

async function previewedRepositories(
  registry: RemoteRegistry,
  options: PreviewOptions,
  { workspaceRoot, cwd }: PreviewContext,
): Promise<readonly PreviewedRepository[]> {
  const { policy, repository, declared, environment } = options;
  // The file is read first: if that fails, the registry is not queried.
  const text = policy === undefined ? undefined : await readTextFile(policy, cwd);
  const stacks = declared ? await readAssembly(workspaceRoot, environment) : [];
  const names = repository ? [repository] : (await registry.repositories()).map(({ name }) => name);
  if (policy !== undefined && text !== undefined) {
    return names.map((name) => ({ name, policy: text, source: policy }));
  }
  const found = declared
    ? declaredRepositories(stacks, unknownParameters)
        .filter(({ name }) => names.includes(name))
        .map(({ name, lifecyclePolicy }) => ({
          name,
          policy: lifecyclePolicy,
          source: `${name}, as declared`,
        }))
    : await actualPolicies(registry, names);
  const withPolicy = found.filter((each): each is PreviewedRepository => each.policy !== undefined);
  if (!repository || withPolicy.length > 0) return withPolicy;
  throw new PipelineError(
    'POLICY_MISSING',
    `The repository ${repository} has no lifecycle policy, so nothing ever expires in it.\n` +
      'Fix: preview the policy of a file with --policy=FILE.',
  );
}

async function actualPolicies(registry: RemoteRegistry, names: readonly string[]) {
  const found = [];
  for (const name of names) {
    found.push({ name, policy: await registry.lifecyclePolicy(name), source: name });
  }
  return found;
}

/** What a policy would do to the images in a repository. @throws PipelineError also the errors of the registry */
async function previewRepository(
  registry: RemoteRegistry,
  { name, policy, source }: PreviewedRepository,
  at: Date,
): Promise<PolicyPreview> {
  const images = await registry.images(name);
  const preview = previewPolicy(policy, source, images, at);
  // Reading an index counts as a pull of it, so it is done only if an index may keep an untagged image from expiring.
  const indexes = images.filter(isReadableIndex).map(({ digest }) => digest);
  const isAnyUntagged = preview.verdicts.some(({ image }) => image.tags.length === 0);
  if (!isAnyUntagged || indexes.length === 0) return { ...preview, repository: name };
  const manifests = await registry.manifests(name, indexes);
  const withChildren = images.map((image) => sizedImage(image, manifests.get(image.digest)));
  return { ...previewPolicy(policy, source, withChildren, at), repository: name };
}

/** An archived index cannot be read. */
const isReadableIndex = ({ mediaType, storageClass }: RemoteImage) =>
  storageClass === 'standard' && isIndexMediaType(mediaType);

function checkOptions({ policy, images, repository, declared }: PreviewOptions): void {
  const refuse = (problem: string) => {
    throw new PipelineError('OPTIONS_INVALID', problem);
  };
  if (images !== undefined && policy === undefined)
    refuse('--images needs --policy: the file with the policy to evaluate on these images.');
  if (images !== undefined && repository !== undefined)
    refuse(
      '--repository selects a repository in a registry; --images does not query one. Remove one of them.',
    );
  if (policy !== undefined && declared)
    refuse('--policy and --declared both select the policy. Remove one of them.');
}

function parseNow(now: string): Date {
  const date = parseInstant(now);
  if (date) return date;
  throw new PipelineError(
    'NOW_INVALID',
    `Invalid --now "${now}". Expected an ISO date, for example 2026-11-21 or 2026-11-21T12:00:00Z.`,
  );
}
