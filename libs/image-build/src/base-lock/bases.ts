import {
  autoBase,
  baseBlobs,
  type BaseSource,
  type BlobSource,
  defaultCacheDir,
  dockerCredentials,
  pinnedBase,
  registryBase,
  type RegistryBaseOptions,
  standInBase,
} from '@typerush/oci';
import { type BuiltImage } from '@typerush/pipeline-context';
import { type BuildPlan } from '../engines/image-engine';
import { lockCommand } from './lock-file';

type Variables = Readonly<Record<string, string | undefined>>;

/** Base images out of registries, as their tags stand now, through the machine's cache and with docker's own logins. */
export const registryBases = (variables: Variables): BaseSource => registryBase(access(variables));

/** What the plan allows an image to stand on: what the lock file pins, what a tag stands for, a stand-in. */
export function basesOf(
  plan: Pick<BuildPlan, 'service' | 'base' | 'allowStandIn' | 'pins' | 'lockFile'>,
  variables: Variables,
  onFallback?: (message: string) => void,
): BaseSource {
  const standIn = standInBase({ cacheDir: defaultCacheDir(variables) });
  if (plan.base === 'stand-in') return standIn;
  const registry = pinnedBase({
    registry: registryBases(variables),
    pins: plan.pins,
    pinnedIn: plan.lockFile,
    remedy: `Pin it anew: ${lockCommand(plan.service)}.`,
  });
  if (plan.base === 'registry') return registry;
  return autoBase({ registry, standIn, allowStandIn: plan.allowStandIn, onFallback });
}

/** The layers of a built image's base, which its layout leaves out. */
export const layersOfBase = (
  { service, base }: Pick<BuiltImage, 'service' | 'base'>,
  variables: Variables,
): BlobSource =>
  baseBlobs({
    ...access(variables),
    base: { ...base, digest: base.digest ?? undefined },
    remedy: `Build it here: nx run ${service}:docker-build --skip-nx-cache.`,
  });

const access = (variables: Variables): RegistryBaseOptions => ({
  cacheDir: defaultCacheDir(variables),
  credentials: (host) => dockerCredentials({ variables, host }),
});
