import { type CommandResult } from '@typerush/child-process';
import { type RunConfig } from '@typerush/oci';
import { type ImageFile } from '../layers/read-layer';

export type RuntimeName = 'docker' | 'podman' | 'node';

/** How long the image's own health check may take. */
export const healthTimeoutMs = 10_000;

/** The image of one platform, and what its service needs. */
export interface RunnableImage {
  /** From the image configuration. */
  readonly run: RunConfig;
  /** The port that the service listens on. */
  readonly port: number;
  /** Variables in addition to those of the image. */
  readonly env: Readonly<Record<string, string>>;
  /** The entries of the layers above the base image, in order. */
  readonly files: readonly ImageFile[];
  /** Packages that the bundle does not contain on purpose. */
  readonly leftOut: readonly string[];
}

/** An image that was started. */
export interface RunningImage {
  /** `http://127.0.0.1:<port>`, the address of the image's port. */
  readonly url: string;
  /** When its program was started, in ms since 1970. */
  readonly startedAt: number;
  /** Resolves to the exit code of its program when the program ends. */
  readonly ended: Promise<number>;
  /** What it has written to both streams. */
  logs(): Promise<string>;
  /** Runs a command in the image once. @param test like `Test` of a health check: `["CMD", "node", ...]` */
  run(test: readonly string[]): Promise<CommandResult>;
  /** `/proc/1/status` in the container; undefined if it cannot be read. */
  processStatus(): Promise<string | undefined>;
  /** Sends the stop signal of the image, and kills its program if it has not ended after this time. */
  stop(seconds: number): Promise<{ readonly killed: boolean }>;
  /** Removes everything that was created, synchronously. */
  remove(): void;
}

/** A way to run an image on this machine. */
export interface ImageRunner {
  readonly name: RuntimeName;
  /** What this way does not test; undefined if it tests all of the image. */
  readonly lacks?: string;
  /** Why it cannot run this image here; undefined if no reason is known. */
  detect(image: RunnableImage): Promise<string | undefined>;
  /** @throws RunnerFailure, ImageRefused */
  start(image: RunnableImage): Promise<RunningImage>;
}

/** The runner does not work on this machine, independent of the image. */
export class RunnerFailure extends Error {}

/** The image cannot be started as it is configured. */
export class ImageRefused extends Error {}
