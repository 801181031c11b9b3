import { type Registry } from '../registry';
import { type Command } from '../runner';
import { type Place } from '../workspace-copy';

/** A way from source to registry. */
export interface Way {
  readonly name: string;
  /** Its own, so that no way finds the layers of another; a new one after each `reset`. */
  readonly repository: string;
  /** Whether each round can begin with nothing built; the others' first builds leave layers in the builder's cache. */
  readonly repeatsFirstBuild: boolean;
  /** Restores the state in which nothing is built, and nothing of it is in its repository. */
  reset(round: number): Promise<void>;
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

/** The name of the same way in the checkout that `--beside` names. */
export const besideName = (way: string) => `${way}, beside`;

/** The service that is shipped. */
export const service = { project: 'game-service', folder: 'apps/game-service' };

/** Own code that no optimizer takes out. */
export const codeLine = (round: number) => `\nsetTimeout(() => {}, ${round}).unref();\n`;

/** A layer of its own for each run of the bench, so that the first build finds none in the builder's cache. */
export const salt = (run: string) => `ENV BENCH_RUN=${run}`;
