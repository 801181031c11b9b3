import { access, constants, realpath } from 'node:fs/promises';
import path from 'node:path';
import { type Readable } from 'node:stream';
import { type Digest, digestSchema, isDigest } from '@typerush/oci';
import {
  type CommandOptions,
  type CommandResult,
  runCommand,
  streamCommand,
} from '@typerush/child-process';
import * as z from 'zod';

export interface ClientChoice {
  /** The path of a client, instead of the first on PATH that works. */
  readonly client?: string;
  /** Runs every step of the Dockerfile again. @default false */
  readonly noCache?: boolean;
}

const inspectSchema = z.array(
  z.object({
    RepoDigests: z.array(z.string()).nullish(),
    RootFS: z.object({ Layers: z.array(digestSchema).default([]) }),
  }),
);

export interface InspectedImage {
  /** Of the manifest or the index, if the image came from a registry. */
  readonly digest?: Digest;
  readonly diffIds: readonly Digest[];
}

/** The command line client of a container engine. */
export class ContainerCli {
  constructor(
    readonly name: 'docker' | 'podman',
    readonly path: string,
    readonly version: string,
    private readonly variables: NodeJS.ProcessEnv,
  ) {}

  get describe(): string {
    return `${this.name} ${this.version} (${this.path})`;
  }

  /** Runs the client; any exit code is a result. */
  run(args: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const env = { ...this.variables, ...options.env };
    return runCommand(this.path, args, { ...options, env });
  }

  /** The standard output of a command; the stream fails with the command. */
  stream(args: readonly string[]): Readable {
    return streamCommand(this.path, args, { env: this.variables });
  }

  /** An image in the store of the engine; undefined if there is none of that name. */
  async inspect(name: string): Promise<InspectedImage | undefined> {
    const { code, stdout } = await this.run(['image', 'inspect', name]);
    if (code !== 0) return undefined;
    const [image] = inspectSchema.parse(JSON.parse(stdout));
    if (!image) return undefined;
    const pulled = image.RepoDigests?.[0]?.split('@')[1] ?? '';
    return { digest: isDigest(pulled) ? pulled : undefined, diffIds: image.RootFS.Layers };
  }
}

/** The executable files of that name on PATH, each once even if several links point to it. */
export async function executables(name: string, variables: NodeJS.ProcessEnv): Promise<string[]> {
  const found = new Map<string, string>();
  for (const folder of (variables['PATH'] ?? '').split(path.delimiter).filter(Boolean)) {
    const file = path.join(folder, name);
    try {
      await access(file, constants.X_OK);
      const target = await realpath(file);
      if (!found.has(target)) found.set(target, file);
    } catch {
      continue;
    }
  }
  return [...found.values()];
}
