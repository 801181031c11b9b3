import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Digest, type ImageConfig, OciLayout } from '@typerush/oci';
import { type BuiltImage } from '@typerush/pipeline-context';
import { runCommand } from '@typerush/child-process';
import { type BuildPlan } from '../src/build-plan';
import { type ImageEngine } from '../src/engines/image-engine';

/** The parts of the shared Dockerfile in which engines could differ, without the installation of packages. */
export const standInDockerfile = `
ARG NODE_IMAGE=registry.invalid/node:1
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS build
WORKDIR /workspace
COPY . .
ARG OUTPUT
RUN --mount=type=cache,target=/root/.npm chmod -R a+rX,u+w,go-w \${OUTPUT}

FROM \${NODE_IMAGE} AS runtime
ARG OUTPUT
ARG TITLE
ARG PORT=3000
LABEL org.opencontainers.image.title="\${TITLE}" \\
      org.opencontainers.image.version="1.2.3"
WORKDIR /app
COPY --from=build /workspace/\${OUTPUT}/dependencies/ ./dependencies/
COPY --from=build /workspace/\${OUTPUT}/public/ ./public/
COPY --from=build --chown=7:8 /workspace/\${OUTPUT}/service/ ./service/
ENV NODE_ENV=production \\
    PORT=\${PORT}
EXPOSE \${PORT}
USER 1000:1000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \\
  CMD ["node", "-e", "process.exit(0)"]
CMD ["node", "service/main.js"]
`;

/** Without RUN, since its base image contains no programs. */
export const realBaseDockerfile = (reference: string) =>
  standInDockerfile.replace('registry.invalid/node:1', reference).replace(/^RUN .*\n/m, '');

export const repository = 'engine-conformance/app';

/** The workspace of the conformance suite: a service with a dependency, and a Dockerfile. */
export class EngineWorkspace {
  static async create(): Promise<EngineWorkspace> {
    return new EngineWorkspace(await mkdtemp(path.join(tmpdir(), 'engine-')));
  }

  private folders = 0;

  private constructor(readonly root: string) {}

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true });
    await rm(this.outputs, { recursive: true, force: true });
  }

  /** @param dockerfile its text */
  async reset(dockerfile: string): Promise<void> {
    await rm(path.join(this.root, 'dist'), { recursive: true, force: true });
    await this.write('Dockerfile', dockerfile);
    await this.write('dist/app/service/main.js', 'console.log("one");');
    await this.write('dist/app/service/start', '#!/bin/sh\n');
    await chmod(path.join(this.root, 'dist/app/service/start'), 0o755);
    await mkdir(path.join(this.root, 'dist/app/public'), { recursive: true });
    await this.write('dist/app/dependencies/deep/er/index.js', 'module.exports = 1;');
  }

  async write(file: string, content: string | Uint8Array): Promise<void> {
    await mkdir(path.dirname(path.join(this.root, file)), { recursive: true });
    await writeFile(path.join(this.root, file), content);
  }

  /** Packages as a bundle has them that ships them as files: with data, a program, and the links of pnpm. */
  async writePackages(): Promise<void> {
    const packages = 'dist/app/dependencies/node_modules';
    const stored = `${packages}/.pnpm/reader@1.0.0/node_modules/reader`;
    await this.write(`${stored}/index.js`, 'module.exports = 1;');
    await this.write(`${stored}/data/numbers.bin`, Uint8Array.of(0, 255, 10, 13));
    await this.write(`${stored}/bin/tool`, '#!/usr/bin/env node\n');
    await chmod(path.join(this.root, stored, 'bin/tool'), 0o755);
    const link = (target: string, at: string) => symlink(target, path.join(this.root, at));
    await link('.pnpm/reader@1.0.0/node_modules/reader', `${packages}/reader`);
    await link('../dependencies/node_modules', 'dist/app/service/node_modules');
  }

  plan(changes: Partial<BuildPlan> = {}): BuildPlan {
    return {
      service: 'app',
      repository,
      workspaceRoot: this.root,
      dockerfile: path.join(this.root, 'Dockerfile'),
      args: { OUTPUT: 'dist/app', TITLE: 'app' },
      platforms: ['linux/amd64'],
      base: 'stand-in',
      pins: {},
      lockFile: 'Dockerfile.lock.json',
      insecureRegistries: [],
      allowStandIn: true,
      standInName: 'engine-conformance/base-stand-in',
      outDir: path.join(this.outputs, String(this.folders++)),
      ...changes,
    };
  }

  /** Outside of the build context, so that an image does not get into the next one. */
  private get outputs(): string {
    return `${this.root}-out`;
  }
}

export const layoutIn = (outDir: string): Promise<OciLayout> =>
  OciLayout.open(path.join(outDir, 'oci'));

/** The digests of the images in the layout. */
export async function imagesIn(outDir: string): Promise<Digest[]> {
  return (await (await layoutIn(outDir)).images()).map(({ digest }) => digest);
}

export async function configOf(image: BuiltImage, outDir: string): Promise<ImageConfig> {
  const digest = image.platforms[0]?.configDigest ?? image.digest;
  return JSON.parse(String(await (await layoutIn(outDir)).read(digest))) as ImageConfig;
}

/** The files of each own layer as tar lists them: kind, mode, owner, time, name. */
export async function filesOf(image: BuiltImage, outDir: string): Promise<string[][]> {
  const layout = await layoutIn(outDir);
  const own = image.platforms[0]?.layers.filter(({ fromBase }) => !fromBase) ?? [];
  const lists = [];
  for (const layer of own) {
    const flags = ['--numeric-owner', '--full-time', '-tvzf', await layout.blobFile(layer)];
    const { stdout } = await runCommand('tar', flags, {
      env: { TZ: 'UTC', PATH: process.env['PATH'] },
    });
    lists.push(stdout.trim().split('\n').map(withoutSize));
  }
  return lists;
}

/** The size of a folder depends on the file system. */
const withoutSize = (line: string) => line.replace(/^(\S+ \S+)\s+\d+ /, '$1 ');

export const silent = { progress: () => undefined, note: () => undefined };

export interface EngineUnderTest {
  /** @param options `noCache` runs every step again */
  readonly create: (options: { readonly noCache: boolean }) => ImageEngine;
  /** The base images of the oci engine, which every other one is compared with. */
  readonly cacheHome: string;
  /** The command line client of a container engine. */
  readonly client?: string;
  /** @default true */
  readonly isMultiPlatform?: boolean;
}

export interface Bench extends EngineUnderTest {
  readonly workspace: EngineWorkspace;
  readonly engine: ImageEngine;
  build(changes?: Partial<BuildPlan>): Promise<BuiltImage>;
  /** The same plan, built by the oci engine. */
  reference(changes?: Partial<BuildPlan>): Promise<BuiltImage>;
}

/** Removes the images of the conformance suite from an engine. */
export async function removeImages(client: 'docker' | 'podman'): Promise<void> {
  const run = (...args: string[]) => runCommand(client, args, { env: process.env });
  const filters = ['--filter', 'reference=*engine-conformance/*'];
  const { stdout } = await run('images', '--quiet', ...filters);
  const ids = new Set(stdout.split('\n').filter(Boolean));
  await run('rmi', '--force', ...ids);
}
