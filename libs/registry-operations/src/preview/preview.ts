import { type RemoteImage } from '@typerush/ecr-access';
import { type Environment, type StoredImage } from '@typerush/image-registry';
import { isIndexMediaType } from '@typerush/oci';
import { PipelineError } from '@typerush/pipeline-context';
import { declaredRepositories } from '../declared/declared';
import { readAssembly } from '../declared/read-assembly';
import { unknownParameters } from '../declared/resolve-intrinsics';
import { checkUses, usesByRepository } from '../in-use/endangered-images';
import { type ImageUse } from '../in-use/image-use';
import { parseImageUses } from '../in-use/image-use-file';
import { type RemoteRegistry, sizedImage } from '../remote-registry';
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
  /** Check the images that ECS and Lambda use. */
  readonly inUse?: boolean;
  /** A file with images that are used elsewhere; checked with or without `inUse`. */
  readonly inUseFile?: string;
}

export interface PreviewContext {
  readonly workspaceRoot: string;
  /** The folder that file names are relative to. */
  readonly cwd: string;
  now(): Date;
  /** Not called if both the policy and the images are in files. */
  registry(): RemoteRegistry;
  /** The images that ECS and Lambda use. Called only if `inUse` is set. */
  imageUses?(): Promise<readonly ImageUse[]>;
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
  const { policy: file, images, repository } = options;
  if (file !== undefined && images !== undefined) {
    return [await previewFiles({ policy: file, images }, context.cwd, at)];
  }
  const registry = context.registry();
  const policyOf = await policyLookup(registry, options, context);
  const uses = await readUses(options, context);
  const repositories = await registry.repositories();
  const existing = repositories.map(({ name }) => name);
  if (repository !== undefined && !existing.includes(repository)) {
    throw new PipelineError(
      'REPOSITORY_MISSING',
      `The repository ${repository} does not exist in the registry.\n` +
        `Fix: pass --repository with one that exists: ${existing.join(', ') || 'none'},\n` +
        `     or create it: nx run infra:deploy -c ${options.environment}`,
    );
  }
  const previews: PolicyPreview[] = [];
  for (const { name, uri } of repositories) {
    if (repository !== undefined && name !== repository) continue;
    const { policy, source } = await policyOf(name);
    if (policy === undefined) continue;
    const usesHere = uses && (uses.get(uri) ?? []);
    previews.push(await previewRepository(registry, { name, policy, source, at, uses: usesHere }));
  }
  if (!repository || previews.length > 0) return previews;
  throw new PipelineError(
    'POLICY_MISSING',
    `The repository ${repository} has no lifecycle policy, so nothing ever expires in it.\n` +
      'Fix: preview the policy of a file with --policy=FILE.',
  );
}

/** Finds the text of a repository's policy, and where it comes from, for messages. */
type PolicyLookup = (
  repository: string,
) => Promise<{ readonly policy?: string; readonly source: string }>;

async function policyLookup(
  registry: RemoteRegistry,
  { policy: file, declared, environment }: PreviewOptions,
  { workspaceRoot, cwd }: PreviewContext,
): Promise<PolicyLookup> {
  if (file !== undefined) {
    const policy = await readTextFile(file, cwd);
    return async () => ({ policy, source: file });
  }
  if (!declared) {
    return async (name) => ({ policy: await registry.lifecyclePolicy(name), source: name });
  }
  const stacks = await readAssembly(workspaceRoot, environment);
  const repositories = declaredRepositories(stacks, unknownParameters);
  const policies = new Map(repositories.map((each) => [each.name, each.lifecyclePolicy]));
  return async (name) => ({ policy: policies.get(name), source: `${name}, as declared` });
}

/** The images in use by the address of their repository; undefined if they do not have to be checked. */
async function readUses(
  { inUse = false, inUseFile }: PreviewOptions,
  { cwd, imageUses }: PreviewContext,
): Promise<ReadonlyMap<string, readonly ImageUse[]> | undefined> {
  if (!inUse && inUseFile === undefined) return undefined;
  const elsewhere =
    inUseFile === undefined ? [] : parseImageUses(await readTextFile(inUseFile, cwd), inUseFile);
  return usesByRepository([...elsewhere, ...((inUse && (await imageUses?.())) || [])]);
}

interface RepositoryToPreview {
  readonly name: string;
  readonly policy: string;
  /** Where the policy comes from, for messages. */
  readonly source: string;
  readonly at: Date;
  /** undefined if uses do not have to be checked. */
  readonly uses?: readonly ImageUse[];
}

/** What a policy would do to the images in a repository. @throws PipelineError also the errors of the registry */
async function previewRepository(
  registry: RemoteRegistry,
  { name, policy, source, at, uses }: RepositoryToPreview,
): Promise<PolicyPreview> {
  let images: readonly StoredImage[] = await registry.images(name);
  let preview = previewPolicy(policy, source, images, at);
  // Reading an index counts as a pull of it, so it is done only if an index may keep an untagged image from expiring, or
  // if an image in use may lose its index.
  const indexes = (images as readonly RemoteImage[]).filter(isReadableIndex);
  const isAnyUntagged = preview.verdicts.some(({ image }) => image.tags.length === 0);
  const isAnyIndex = preview.verdicts.some(({ image }) => indexes.includes(image as RemoteImage));
  if (indexes.length > 0 && (isAnyUntagged || (isAnyIndex && uses && uses.length > 0))) {
    const manifests = await registry.manifests(
      name,
      indexes.map(({ digest }) => digest),
    );
    images = (images as readonly RemoteImage[]).map((image) =>
      sizedImage(image, manifests.get(image.digest)),
    );
    preview = previewPolicy(policy, source, images, at);
  }
  if (!uses) return { ...preview, repository: name };
  const { endangered, missing } = checkUses(images, preview.verdicts, uses);
  const warnings = [...preview.warnings, ...describeMissing(name, missing)];
  return { ...preview, repository: name, endangered, warnings };
}

function describeMissing(repository: string, missing: readonly ImageUse[]): string[] {
  const [first] = missing;
  if (!first) return [];
  const more = missing.length > 1 ? `, and ${missing.length - 1} more like it` : '';
  return [
    `${repository}: ${first.user} uses ${first.image}, which is not in the repository${more}.`,
  ];
}

/** An archived index cannot be read. */
const isReadableIndex = ({ mediaType, storageClass }: RemoteImage) =>
  storageClass === 'standard' && isIndexMediaType(mediaType);

function checkOptions(options: PreviewOptions): void {
  const { policy, images, repository, declared, environment, inUse, inUseFile } = options;
  const refuse = (problem: string) => {
    throw new PipelineError('OPTIONS_INVALID', problem);
  };
  if (images !== undefined && policy === undefined)
    refuse('--images needs --policy: the file with the policy to evaluate on these images.');
  if (images !== undefined && repository !== undefined)
    refuse(
      '--repository selects a repository in a registry; --images does not query one. Remove one of them.',
    );
  if (images !== undefined && (inUse || inUseFile !== undefined))
    refuse(
      '--in-use and --in-use-file check the images in a registry; --images does not query one. Remove one of them.',
    );
  if (inUse && environment === 'local')
    refuse(
      '--in-use reads ECS and Lambda, which the local registry does not have. Pass the images in use with --in-use-file=FILE.',
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
