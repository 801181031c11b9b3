import { readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  autoBase,
  baseBlobs,
  baseReferences,
  type BaseSource,
  type BlobSource,
  defaultCacheDir,
  dockerCredentials,
  pinnedBase,
  registryBase,
  type RegistryBaseOptions,
  standInBase,
} from '@typerush/oci';
import { ecrCredentials } from '@typerush/ecr-access';
import { type BuiltImage, PipelineError } from '@typerush/pipeline-context';
import { type BuildPlan } from '../build-plan';
import { lockCommand } from './base-lock';

/** What reaches the registries of base images. */
interface RegistryAccess extends Pick<BuildPlan, 'insecureRegistries' | 'baseMirrors'> {
  readonly variables: NodeJS.ProcessEnv;
}

/** Base images from registries by their current tags, through the cache of the machine. */
export const registryBases = (access: RegistryAccess): BaseSource =>
  registryBase(registryAccess(access));

/** The base images that a plan allows: by the pins of the lock file, by current tags, or stand-ins. */
export function basesOf(
  plan: Pick<
    BuildPlan,
    'service' | 'base' | 'allowStandIn' | 'pins' | 'lockFile' | 'baseMirrors' | 'insecureRegistries'
  >,
  variables: NodeJS.ProcessEnv,
  onFallback?: (message: string) => void,
): BaseSource {
  const standIn = standInBase({ cacheDir: defaultCacheDir(variables) });
  if (plan.base === 'stand-in') return standIn;
  const registry = pinnedBase({
    registry: registryBases({ ...plan, variables }),
    pins: plan.pins,
    pinnedIn: plan.lockFile,
    remedy: `Pin it again: ${lockCommand(plan.service)}.`,
  });
  if (plan.base === 'registry') return registry;
  return autoBase({ registry, standIn, allowStandIn: plan.allowStandIn, onFallback });
}

/** The layers of an image's base image, which its layout leaves out. */
export const layersOfBase = (
  { service, base }: Pick<BuiltImage, 'service' | 'base'>,
  access: RegistryAccess,
): BlobSource =>
  baseBlobs({
    ...registryAccess(access),
    base: { ...base, digest: base.digest ?? undefined },
    remedy: `Build it here: nx run ${service}:docker-build --skip-nx-cache.`,
  });

/** With Docker's credentials; a registry of ECR without them, such as a pull-through cache, with those of AWS. */
const registryAccess = ({
  variables,
  insecureRegistries,
  baseMirrors,
}: RegistryAccess): RegistryBaseOptions => ({
  cacheDir: defaultCacheDir(variables),
  insecureRegistries,
  mirrors: baseMirrors,
  credentials: async (host, repository) =>
    (await dockerCredentials({ variables, host, path: repository })) ??
    (await ecrCredentials(host, repository)),
});

/**
 * The references of a Dockerfile to base images.
 *
 * @param dockerfile absolute or relative to the root
 * @throws PipelineError `FILE_MISSING`; DockerfileError
 */
export async function readBaseReferences(
  root: string,
  dockerfile: string,
  args: Readonly<Record<string, string>>,
) {
  const absolute = path.resolve(root, dockerfile);
  const text = await readFile(absolute, 'utf8').catch((cause: unknown) => {
    throw new PipelineError(
      'FILE_MISSING',
      `Cannot read the Dockerfile ${absolute}.\n` +
        'Fix: create it, or set "dockerfile" in the options of the plugin.',
      { cause },
    );
  });
  return baseReferences(text, { file: path.relative(root, absolute), args });
}
