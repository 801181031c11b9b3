import { type Registry } from '../registry';
import { type Command } from '../runner';
import { type Place } from '../workspace-copy';

/** A way from source to registry. */
export interface Way {
  readonly name: string;
  /** Its own, so that no way finds the layers of another. */
  readonly repository: string;
  /** Puts it back to where nothing has been built. */
  reset(): Promise<void>;
  /** One line more of the service's own code, committed. */
  change(round: number): Promise<void>;
  /** The commands that bring the state of the source into the registry. */
  commands(): Promise<readonly Command[]>;
}

/** What every way is made with. */
export interface Setting extends Place {
  /** Of this run: names what it leaves in Docker. */
  readonly run: string;
  readonly registry: Registry;
  /** The stand-in for `node:alpine`, in the registry and in Docker. */
  readonly base: string;
}

/** The service that is shipped. */
export const service = { project: 'game-service', folder: 'apps/game-service' };

/** Own code that no optimizer takes out. */
export const codeLine = (round: number) => `\nsetTimeout(() => {}, ${round}).unref();\n`;

/** A layer of its own for each run of the bench, so that the first build finds none in the builder's cache. */
export const salt = (run: string) => `ENV BENCH_RUN=${run}`;
