import { type BuiltImage as OciImage } from '@typerush/oci';
import {
  type BuiltImage,
  type EngineName,
  layoutFolder,
  PipelineError,
} from '@typerush/pipeline-context';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuildPlan } from '../build-plan';

/** Builds images. Every engine writes an OCI image layout to `<outDir>/oci`, and none pushes. */
export interface ImageEngine {
  readonly name: EngineName;
  /** Whether this engine can build the image on this machine. */
  detect(request: BuildRequest): Promise<Availability>;
  /** @throws PipelineError, OciError */
  build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage>;
}

/** The part of a plan that decides whether an engine can build it. */
export type BuildRequest = Pick<BuildPlan, 'platforms' | 'dockerfile' | 'args'>;

export type Availability = { readonly available: true; readonly detail: string } | Unavailable;

export interface Unavailable {
  readonly available: false;
  readonly code: string;
  /** A sentence. */
  readonly reason: string;
  /** An imperative; missing if the reason contains it. */
  readonly fix?: string;
}

/** The error about an engine that cannot build, or about several. */
export const unavailableError = (...engines: readonly Unavailable[]): PipelineError =>
  new PipelineError(
    engines[0]?.code ?? 'ENGINE_UNKNOWN',
    engines.map(({ reason, fix }) => (fix ? `${reason}\nFix: ${fix}` : reason)).join('\n'),
  );

/** The result of an engine in the form of `build.json`. */
export function builtImage(
  engine: EngineName,
  { service, repository }: BuildPlan,
  { digest, mediaType, platforms, base }: OciImage,
): BuiltImage {
  return {
    service,
    repository,
    engine,
    digest,
    mediaType,
    platforms: platforms.map((platform) => ({
      platform: platform.platform,
      digest: platform.digest,
      configDigest: platform.configDigest,
      layers: platform.layers.map((layer) => ({
        digest: layer.digest,
        diffId: layer.diffId,
        size: layer.size,
        fromBase: layer.fromBase,
      })),
    })),
    base: { reference: base.reference, digest: base.digest ?? null, standIn: base.standIn },
    layout: layoutFolder,
  };
}
