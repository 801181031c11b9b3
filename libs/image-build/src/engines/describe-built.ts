import { type BuiltImage as OciImage } from '@typerush/oci';
import { layoutFolder, type BuiltImage, type EngineName } from '@typerush/pipeline-context';
import { type BuildPlan } from './image-engine';

/** What the library built, as `build.json` records it. */
export function describeBuilt(
  engine: EngineName,
  plan: Pick<BuildPlan, 'service' | 'repository'>,
  built: OciImage,
): BuiltImage {
  const { reference, digest = null, standIn } = built.base;
  return {
    service: plan.service,
    repository: plan.repository,
    engine,
    digest: built.digest,
    mediaType: built.mediaType,
    platforms: built.platforms.map(({ platform, digest, configDigest, layers }) => ({
      platform,
      digest,
      configDigest,
      layers: layers.map(({ digest, diffId, size, fromBase }) => ({
        digest,
        diffId,
        size,
        fromBase,
      })),
    })),
    base: { reference, digest, standIn },
    layout: layoutFolder,
  };
}
