import { type Registry } from '../registry';
import { type Command } from '../runner';
import { type Place } from '../workspace-copy';

/** A way from source to registry. */
export interface Way {
  readonly name: string;
  /** A separate one for each way, so that none finds the layers of another. `reset` may change it. undefined if it pushes nothing. */
  readonly repository?: string;
  /** Whether a first build can be repeated: builds of the others leave layers in the builder's cache. */
  readonly repeatsFirstBuild: boolean;
  /** Restores the state before a first build: nothing built, and an empty repository. */
  reset(round: number): Promise<void>;
  /** Commits one more line of the service's own code. */
  change(round: number): Promise<void>;
  /** The commands that build the current source and push its image. */
  commands(): Promise<readonly Command[]>;
}

/** What all ways share. */
export interface Setting extends Place {
  /** Id of this run, part of the names of its images. */
  readonly run: string;
  readonly registry: Registry;
  /** The stand-in base image for `node:alpine`, in the registry and in Docker. */
  readonly base: string;
}

/** The name of the same way in the checkout that `--beside` names. */
export const besideName = (way: string) => `${way}, beside`;

/** The way that only starts Nx. */
export const nxStartName = "Nx's start";

/** The service whose image is pushed. */
export const service = { project: 'game-service', folder: 'apps/game-service' };

/** A line of code that no optimizer removes. */
export const codeLine = (round: number) => `\nsetTimeout(() => {}, ${round}).unref();\n`;

/** Makes layers specific to a run of the bench, so that the first build finds none in the builder's cache. */
export const salt = (run: string) => `ENV BENCH_RUN=${run}`;
