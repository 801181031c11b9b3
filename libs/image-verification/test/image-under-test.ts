import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ImageConfig } from '@typerush/image-registry';
import {
  createLayer,
  type Descriptor,
  digestOf,
  type LayerDirectory,
  type LayerFile,
  MEDIA_TYPE,
  OciLayout,
  type RunConfig,
} from '@typerush/oci';
import { writeBuiltImage, type ServiceImage, writeJson } from '@typerush/pipeline-context';

export interface LayerContent {
  readonly files?: readonly (Omit<LayerFile, 'content'> & { readonly text: string | Buffer })[];
  readonly directories?: readonly LayerDirectory[];
}

/** How an image differs from a good one. */
export interface ImageChanges {
  readonly run?: Partial<RunConfig> & Readonly<Record<string, unknown>>;
  /** The content of `/app/main.js`. */
  readonly program?: string;
  /** Layers on top of the one with the program. */
  readonly layers?: readonly LayerContent[];
  readonly platforms?: readonly string[];
  readonly base?: { readonly digest: Descriptor['digest'] | null };
  /** The layers of an existing base image. Default: one that does not exist. */
  readonly baseLayers?: BuiltLayers;
}

export type BuiltLayers = Parameters<typeof writeBuiltImage>[1]['platforms'][number]['layers'];

/** A good service: it responds, and ends on its stop signal. */
export const goodProgram = `
const server = require('node:http').createServer((request, response) => {
  response.writeHead(['/up', '/ready'].includes(request.url) ? 200 : 404).end();
});
server.listen(Number(process.env.PORT), process.env.HOST);
process.once('SIGTERM', () => {
  server.close(() => process.exit(0));
  server.closeAllConnections();
});
`;

const label = (name: string) => `org.opencontainers.image.${name}`;

export const goodLabels: Readonly<Record<string, string>> = {
  [label('title')]: 'app',
  [label('version')]: '1.2.3',
  [label('source')]: 'https://host.example/team/it',
  [label('licenses')]: 'MIT',
  [label('base.name')]: 'registry.example/node:1',
};

const goodRun: RunConfig = {
  User: '1000:1000',
  ExposedPorts: { '3000/tcp': {} },
  Env: ['PATH=/usr/local/bin:/usr/bin:/bin', 'PORT=3000', 'HOST=0.0.0.0'],
  Cmd: ['node', 'main.js'],
  WorkingDir: '/app',
  StopSignal: 'SIGTERM',
  Labels: goodLabels,
  Healthcheck: {
    Test: [
      'CMD',
      'node',
      '-e',
      'fetch(`http://127.0.0.1:${process.env.PORT}/up`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))',
    ],
  },
};

/** A workspace with one service, whose image has the form that docker-build writes. */
export class ImageUnderTest {
  private constructor(readonly root: string) {}

  static async create(): Promise<ImageUnderTest> {
    return new ImageUnderTest(await mkdtemp(path.join(tmpdir(), 'image-under-test-')));
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true });
  }

  service(config: Partial<ImageConfig> = {}): ServiceImage {
    return {
      project: 'app',
      workspaceRoot: this.root,
      projectRoot: 'apps/app',
      config: {
        repository: 'app',
        retention: 'environment',
        port: 3000,
        health: '/up',
        platforms: ['linux/amd64'],
        ...config,
      },
      version: '1.2.3',
      license: 'MIT',
      source: 'https://host.example/team/it',
      repository: 'team/app',
      outDir: path.join(this.root, 'dist/images/app'),
    } as ServiceImage;
  }

  /** Writes the list of packages in the bundle. */
  async bundled(...packages: readonly { name: string; version: string }[]): Promise<void> {
    await writeJson(path.join(this.root, 'dist/apps/app/bundle.json'), {
      main: 'service/main.js',
      packages: packages.map((each) => ({ ...each, bytes: 1 })),
      own: [],
      external: [],
      outputs: [],
    });
  }

  async lock(packages: Readonly<Record<string, { version: string; dev?: boolean }>>) {
    await writeJson(path.join(this.root, 'package-lock.json'), { lockfileVersion: 3, packages });
  }

  async build(changes: ImageChanges = {}): Promise<void> {
    const { program = goodProgram, layers = [], platforms = ['linux/amd64'] } = changes;
    const { outDir } = this.service();
    await mkdir(outDir, { recursive: true });
    const layout = await OciLayout.create(path.join(outDir, 'oci'));
    const own: BuiltLayers = [];
    for (const { files = [], directories } of [
      { files: [{ path: '/app/main.js', text: program }] },
      ...layers,
    ]) {
      const content = files.map(({ text, ...file }) => ({ ...file, content: Buffer.from(text) }));
      const { bytes, descriptor, diffId } = await createLayer(content, directories);
      await layout.write(bytes);
      own.push({ digest: descriptor.digest, size: descriptor.size, diffId, fromBase: false });
    }
    // The layers of a base image are not in the layout.
    const absent = { digest: digestOf('base'), size: 4, diffId: digestOf('diff'), fromBase: true };
    const base = changes.baseLayers ?? [absent];
    const config = { ...goodRun, ...changes.run };
    const built = await Promise.all(
      platforms.map((platform) => writePlatform(layout, platform, config, [...base, ...own])),
    );
    await layout.setImages(built.map(({ descriptor }) => descriptor));
    const digest = built[0]?.descriptor.digest ?? digestOf('');
    await writeBuiltImage(outDir, {
      service: 'app',
      repository: 'team/app',
      engine: 'oci',
      digest,
      mediaType: MEDIA_TYPE.ociManifest,
      platforms: built.map(({ platform }) => platform),
      base: {
        reference: 'registry.example/node:1',
        digest: changes.base?.digest ?? null,
        standIn: changes.baseLayers !== undefined,
      },
      layout: 'oci',
    });
  }

  /** Reads a file of the built image. */
  read(file: string): Promise<string> {
    return readFile(path.join(this.service().outDir, file), 'utf8');
  }

  /** Overwrites a file of the built image. */
  async damage(file: string, text: string): Promise<void> {
    await writeFile(path.join(this.service().outDir, file), text);
  }
}

async function writePlatform(
  layout: OciLayout,
  platform: string,
  run: object,
  layers: BuiltLayers,
) {
  const [os, architecture] = platform.split('/');
  const put = (value: unknown) => layout.write(Buffer.from(JSON.stringify(value)));
  const diffIds = layers.map(({ diffId }) => diffId);
  const config = await put({
    os,
    architecture,
    config: run,
    rootfs: { type: 'layers', diff_ids: diffIds },
  });
  const manifest = await put({
    schemaVersion: 2,
    mediaType: MEDIA_TYPE.ociManifest,
    config: { mediaType: MEDIA_TYPE.ociConfig, ...config },
    layers: layers.map(({ digest, size }) => ({
      mediaType: MEDIA_TYPE.ociLayerGzip,
      digest,
      size,
    })),
  });
  return {
    descriptor: { mediaType: MEDIA_TYPE.ociManifest, ...manifest },
    platform: {
      platform,
      digest: manifest.digest,
      configDigest: config.digest,
      layers: [...layers],
    },
  };
}
