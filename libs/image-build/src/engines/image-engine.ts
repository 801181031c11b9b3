import { type BasePin } from '@typerush/oci';
import { type ProgressReporter } from '@typerush/terminal-output';
import { type BuiltImage, type EngineName } from '@typerush/pipeline-context';

export type BasePolicy = 'auto' | 'registry' | 'stand-in';

/** What an image is built from; the same for every engine. */
export interface BuildPlan {
  readonly service: string;
  /** With the namespace: `typerush/game-service`. */
  readonly repository: string;
  /** The build context, and what stands for the WORKDIR of the Dockerfile's stage `build`. */
  readonly workspaceRoot: string;
  /** Absolute. */
  readonly dockerfile: string;
  /** `--build-arg`, without NODE_IMAGE: that is the engine's to decide. */
  readonly args: Readonly<Record<string, string>>;
  /** `os/architecture` */
  readonly platforms: readonly string[];
  readonly base: BasePolicy;
  /** By the reference as the Dockerfile names it; see basesOf. A reference that is not there is what its tag stands for. */
  readonly pins: Readonly<Record<string, BasePin>>;
  /** Where the pins come from, relative to the workspace root; there may be no such file. */
  readonly lockFile: string;
  /** false for prod: an image there stands on the base that the Dockerfile names, or is not built. */
  readonly allowStandIn: boolean;
  /** The name of a stand-in's repository in a Docker daemon. */
  readonly standInName: string;
  /** The folder for what is built. */
  readonly outDir: string;
}

/** What decides whether an engine can build. */
export type BuildRequest = Pick<BuildPlan, 'platforms' | 'dockerfile' | 'args'>;

export type Availability =
  | { readonly available: true; readonly detail: string }
  | {
      readonly available: false;
      readonly code: string;
      readonly reason: string;
      readonly remedy: string;
    };

/** Builds images: every engine leaves an OCI image layout in `<outDir>/oci`, and none of them pushes. */
export interface ImageEngine {
  readonly name: EngineName;
  /** Whether this engine can build that on this machine, and what it lacks. */
  detect(request: BuildRequest): Promise<Availability>;
  /** @throws PipelineError, OciError */
  build(plan: BuildPlan, reporter: ProgressReporter): Promise<BuiltImage>;
}
