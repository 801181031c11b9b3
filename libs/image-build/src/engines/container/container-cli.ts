import { type Readable } from 'node:stream';
import {
  runCommand,
  streamCommand,
  type CommandOptions,
  type CommandResult,
} from '@typerush/child-process';

type Variables = Readonly<Record<string, string | undefined>>;

export interface ClientChoice {
  /** The path of a client, instead of the first on PATH that works. */
  readonly client?: string;
  /** Runs every step of the Dockerfile again. @default false */
  readonly noCache?: boolean;
}

/** The command line of a container engine. */
export class ContainerCli {
  constructor(
    readonly name: 'docker' | 'podman',
    readonly path: string,
    readonly version: string,
    private readonly variables: Variables,
  ) {}

  /** Runs the client; any exit code is a result. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    return runCommand(this.path, args, {
      ...options,
      env: { ...this.variables, ...options.env },
    });
  }

  /** What a command writes to its standard output; the stream fails with the command. */
  stream(args: readonly string[]): Readable {
    return streamCommand(this.path, args, { env: this.variables });
  }

  get describe(): string {
    return `${this.name} ${this.version} (${this.path})`;
  }
}
