import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type RunOptions, type RunResult } from './run';
import { WorkspaceCopy } from './workspace-copy';

const MB = 1024 * 1024;
/** One layer larger than a chunk of an upload, one smaller. */
const sizes = { service: 10 * MB, public: MB / 2 };

/** Installs and compiles nothing, so that every engine builds it fast. */
const dockerfile = `ARG NODE_IMAGE=registry.invalid/node:1
FROM --platform=$BUILDPLATFORM \${NODE_IMAGE} AS build
WORKDIR /workspace
COPY . .

FROM \${NODE_IMAGE} AS runtime
WORKDIR /app
COPY --from=build /workspace/dist/apps/parcel/dependencies/ ./dependencies/
COPY --from=build /workspace/dist/apps/parcel/public/ ./public/
COPY --from=build /workspace/dist/apps/parcel/service/ ./service/
CMD ["node", "service/main.js"]
`;

/** `build.json` of the image. */
interface ParcelImage {
  readonly digest: string;
  readonly platforms: readonly {
    readonly configDigest: string;
    readonly layers: readonly {
      readonly digest: string;
      readonly size: number;
      readonly fromBase: boolean;
    }[];
  }[];
}

/** A workspace with a service whose image is large but fast to build. */
export class ParcelWorkspace {
  private constructor(readonly copy: WorkspaceCopy) {}

  static readonly repository = 'typerush/parcel';

  static async create(): Promise<ParcelWorkspace> {
    const parcel = new ParcelWorkspace(await WorkspaceCopy.create());
    await parcel.write('docker/service.Dockerfile', dockerfile);
    await parcel.write('.dockerignore', '**\n!dist/apps/parcel\n');
    await parcel.write('apps/parcel/src/main.ts', 'setInterval(() => undefined, 1000);\n');
    await parcel.write('apps/parcel/tsconfig.json', '{"extends":"../../tsconfig.base.json"}');
    await parcel.json('apps/parcel/image.json', {
      repository: 'parcel',
      retention: 'environment',
      port: 3000,
      health: '/health/live',
    });
    await parcel.json('apps/parcel/project.json', {
      name: 'parcel',
      projectType: 'application',
      sourceRoot: 'apps/parcel/src',
      targets: { build: { options: { assets } } },
    });
    await parcel.change();
    return parcel;
  }

  /** Commits other content. */
  async change(): Promise<void> {
    await this.write('apps/parcel/cargo/cargo.bin', randomBytes(sizes.service));
    await this.write('apps/parcel/leaflet/leaflet.bin', randomBytes(sizes.public));
    await this.copy.commit('feat: ship another parcel');
  }

  build(engine: string, env: RunOptions['env'] = {}): Promise<RunResult> {
    return this.copy.nx(['run', 'parcel:docker-build:local', `--engine=${engine}`], env);
  }

  push(engine: string, env: RunOptions['env'], ...args: string[]): Promise<RunResult> {
    return this.copy.nx(['run', 'parcel:docker-push:local', `--engine=${engine}`, ...args], env);
  }

  async image(): Promise<ParcelImage> {
    const file = this.copy.path('dist/images/parcel/build.json');
    return JSON.parse(await readFile(file, 'utf8')) as ParcelImage;
  }

  async write(path: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(this.copy.path(path)), { recursive: true });
    await writeFile(this.copy.path(path), content);
  }

  private json(path: string, content: object): Promise<void> {
    return this.write(path, JSON.stringify(content, null, 2));
  }
}

const assets = [
  { from: '{projectRoot}/cargo', to: 'service/cargo' },
  { from: '{projectRoot}/leaflet', to: 'public' },
];

/** The blobs of an image: its own layers and configs, and the layers of its base image. */
export function blobsOf({ platforms }: ParcelImage): { own: string[]; base: string[] } {
  const digests = (fromBase: boolean) =>
    platforms.flatMap(({ layers }) =>
      layers.filter((one) => one.fromBase === fromBase).map(({ digest }) => digest),
    );
  return {
    own: [...digests(false), ...platforms.map(({ configDigest }) => configDigest)],
    base: digests(true),
  };
}
