import { type RunConfig } from '@typerush/oci';
import { type CommandResult } from '@typerush/child-process';
import { type ImageFile } from '../layers/image-file';

export const runtimes = ['docker', 'podman', 'node'] as const;
export type RuntimeName = (typeof runtimes)[number];

/** How long the image's own health check may take. */
export const healthTimeoutMs = 10_000;

/** What is to be run. */
export interface RunnableImage {
  /** What the image says about how it is run. */
  readonly run: RunConfig;
  /** The port that the service listens on. */
  readonly port: number;
  /** What it needs in its environment, on top of the image's own. */
  readonly env: Readonly<Record<string, string>>;
  /** The entries of the layers above the base, in their order. */
  readonly files: readonly ImageFile[];
}

/** An image at work. */
export interface RunningImage {
  /** `http://127.0.0.1:<port>`: where the image's port answers. */
  readonly url: string;
  /** When its program was started, in ms since 1970. */
  readonly startedAt: number;
  /** Resolves to the exit code of its program when that has ended. */
  readonly ended: Promise<number>;
  /** Everything that it has written to either stream. */
  logs(): Promise<string>;
  /** Runs the image's own health check once, as `Test` of the configuration says. */
  healthCheck(test: readonly string[]): Promise<CommandResult>;
  /** `/proc/1/status` inside; undefined where it has no user of its own. */
  processStatus(): Promise<string | undefined>;
  /** Sends the image's stop signal, and kills it when it has not ended after so many seconds. */
  stop(seconds: number): Promise<{ readonly killed: boolean }>;
  /** Leaves nothing behind, and is done when it returns. */
  remove(): void;
}

/** One way to run an image on this machine. */
export interface ImageRunner {
  readonly name: RuntimeName;
  /** What this way does not show, in words; undefined where it runs the image as it is. */
  readonly lacks?: string;
  /** Why it cannot run this image here; undefined where it can, as far as it knows before it tries. */
  detect(image: RunnableImage): Promise<string | undefined>;
  /** @throws RunnerFailure, ImageRefused */
  start(image: RunnableImage): Promise<RunningImage>;
}

/** This way to run an image does not work here, whatever the image is like. */
export class RunnerFailure extends Error {}

/** What the image says about how it is started cannot be done. */
export class ImageRefused extends Error {}
