import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import {
  type BaseSource,
  buildImage,
  type Digest,
  digestOf,
  DockerfileError,
  type ImageConfig,
  OciError,
  OciLayout,
  parseManifest,
} from '@typerush/oci';
import { canonicalRunConfig, type Contents, imageContents } from '@typerush/oci/testing';
import { writeContext, writeRootfs } from './differential-files';

const run = promisify(execFile);
const docker = async (...args: string[]) =>
  (await run('docker', args, { maxBuffer: 1 << 26 })).stdout.trim();

/** An image as this suite compares it. */
export interface Outcome {
  readonly config: unknown;
  readonly contents: Contents;
}

/** Why an engine has not built a stage. */
export interface Refusal {
  readonly code: 'unsupported' | 'refused';
  readonly message: string;
}

interface Saved {
  readonly config: ImageConfig;
  readonly layers: readonly {
    readonly diffId: Digest;
    readonly file: string;
    readonly size: number;
  }[];
}

const named = 'typerush-differential';

/** Builds Dockerfiles with BuildKit and with the oci engine in one build context. */
export class ReferenceBuild {
  private readonly bases = new Map<string, Saved>();
  private count = 0;

  private constructor(
    readonly root: string,
    private readonly context: string,
  ) {}

  static async create(folder: string): Promise<ReferenceBuild> {
    const root = await mkdtemp(path.join(folder, 'differential-'));
    const context = path.join(root, 'context');
    await writeContext(context);
    return new ReferenceBuild(root, context);
  }

  async close(): Promise<void> {
    const images = await docker('images', '--quiet', '--filter', `reference=${named}*`);
    const ids = [...new Set(images.split('\n').filter(Boolean))];
    if (ids.length > 0) await docker('rmi', '--force', ...ids).catch(() => undefined);
    await rm(this.root, { recursive: true });
  }

  /** Imports a root file system with `docker import --change`. */
  async importBase(name: string, changes: readonly string[]): Promise<string> {
    const rootfs = path.join(this.root, `rootfs-${name}`);
    await writeRootfs(rootfs);
    await run('tar', ['--numeric-owner', '--xattrs', '-cf', `${rootfs}.tar`, '-C', rootfs, '.']);
    await docker('import', ...flagged(changes), `${rootfs}.tar`, tagOf(name));
    return this.remember(name);
  }

  /** Commits a container of another base with `docker commit --change`. */
  async commitBase(name: string, from: string, changes: readonly string[]): Promise<string> {
    const container = await docker('create', from, 'unused');
    await docker('commit', ...flagged(changes), container, tagOf(name));
    await docker('rm', container);
    return this.remember(name);
  }

  async buildBase(name: string, dockerfile: string): Promise<string> {
    await this.inBuildKit(dockerfile, tagOf(name));
    return this.remember(name);
  }

  /** Whether BuildKit builds a stage with these lines. */
  async accepts(lines: string): Promise<boolean> {
    const probe = tagOf('probe');
    return this.inBuildKit(`FROM scratch\n${lines}\n`, probe).then(
      () => true,
      () => false,
    );
  }

  /** With BuildKit. */
  async reference(dockerfile: string): Promise<Outcome | Refusal> {
    const tag = tagOf(`stage-${(this.count += 1)}`);
    try {
      await this.inBuildKit(dockerfile, tag);
    } catch (error) {
      return { code: 'refused', message: String((error as { stderr?: string }).stderr ?? error) };
    }
    try {
      const { config, layers } = await this.save(tag);
      const tars = await Promise.all(layers.map(({ file }) => readFile(file)));
      await Promise.all(
        layers.map(({ file }) => rm(path.dirname(file), { recursive: true, force: true })),
      );
      return outcome(config, tars);
    } finally {
      await docker('rmi', '--force', tag);
    }
  }

  /** With the oci engine. */
  async own(dockerfile: string): Promise<Outcome | Refusal> {
    const folder = await mkdtemp(path.join(this.root, 'own-'));
    const file = path.join(folder, 'Dockerfile');
    await writeFile(file, dockerfile);
    try {
      const image = await buildImage({
        dockerfile: file,
        args: buildArgs,
        stages: { build: { root: this.context } },
        context: this.context,
        platforms: ['linux/amd64'],
        base: this.baseSource(),
        outDir: path.join(folder, 'out'),
      });
      const layout = await OciLayout.open(path.join(folder, 'out'));
      const manifest = parseManifest(await layout.read(image.digest))?.content;
      if (!manifest?.config) throw new Error('an image has a config');
      const config = JSON.parse(
        (await layout.read(manifest.config.digest)).toString(),
      ) as ImageConfig;
      const tars = [];
      for (const layer of image.platforms[0]?.layers ?? []) {
        tars.push(
          layer.fromBase
            ? await readFile(this.layerFile(layer.diffId))
            : gunzipSync(await layout.read(layer.digest)),
        );
      }
      return await outcome(config, tars);
    } catch (error) {
      if (!(error instanceof OciError)) throw error;
      const isUnsupported =
        error instanceof DockerfileError && error.code === 'DOCKERFILE_UNSUPPORTED';
      return { code: isUnsupported ? 'unsupported' : 'refused', message: error.message };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  private async inBuildKit(dockerfile: string, tag: string): Promise<void> {
    const args = Object.entries(buildArgs).flatMap(([key, value]) => [
      '--build-arg',
      `${key}=${value}`,
    ]);
    const flags = ['--quiet', '--file', '-', '--tag', tag, '--network=none', ...args];
    const env = { ...process.env, DOCKER_BUILDKIT: '1', BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
    const building = run('docker', ['build', ...flags, this.context], { env });
    building.child.stdin?.end(dockerfile);
    await building;
  }

  private async remember(name: string): Promise<string> {
    this.bases.set(tagOf(name), await this.save(tagOf(name)));
    return tagOf(name);
  }

  private async save(tag: string): Promise<Saved> {
    const folder = await mkdtemp(path.join(this.root, 'saved-'));
    await docker('save', '--output', `${folder}.tar`, tag);
    await run('tar', ['-xf', `${folder}.tar`, '-C', folder]);
    await rm(`${folder}.tar`);
    const read = async (file: string) =>
      JSON.parse(await readFile(path.join(folder, file), 'utf8'));
    const [entry] = (await read('manifest.json')) as { Config: string; Layers: string[] }[];
    if (!entry) throw new Error('an archive has an image');
    const config = (await read(entry.Config)) as ImageConfig;
    const layers = [];
    for (const [index, layer] of entry.Layers.entries()) {
      const file = path.join(folder, layer);
      const diffId = config.rootfs.diff_ids[index];
      if (!diffId || digestOf(await readFile(file)) !== diffId)
        throw new Error(`${layer} is not a layer`);
      layers.push({ diffId, file, size: (await readFile(file)).length });
    }
    return { config, layers };
  }

  private baseSource(): BaseSource {
    const mediaType = 'application/vnd.oci.image.layer.v1.tar';
    return {
      resolve: async (reference) => {
        const base = this.bases.get(reference);
        if (!base)
          throw new OciError('BASE_UNAVAILABLE', `${reference} is not a base of this suite.`);
        return {
          reference,
          identity: reference,
          standIn: false,
          platforms: ['linux/amd64'],
          load: async () => ({
            config: base.config,
            layers: base.layers.map(({ diffId, size }) => ({
              diffId,
              descriptor: { mediaType, digest: diffId, size },
            })),
            blob: async ({ digest }) => this.layerFile(digest),
            listings: path.join(this.root, 'listings'),
          }),
        };
      },
    };
  }

  private layerFile(diffId: Digest): string {
    const layers = [...this.bases.values()].flatMap(({ layers: all }) => all);
    const found = layers.find((layer) => layer.diffId === diffId);
    if (!found) throw new Error(`${diffId} is not a layer of a base`);
    return found.file;
  }
}

/** `GIVEN` is the argument that the caller passes. */
const buildArgs = { GIVEN: 'from the caller', HTTP_PROXY: 'http://proxy.invalid' };

const tagOf = (name: string) => `${named}:${name}`;
const flagged = (changes: readonly string[]) => changes.flatMap((change) => ['--change', change]);

async function outcome(
  { config, author }: ImageConfig,
  tars: readonly Uint8Array[],
): Promise<Outcome> {
  const canonical = canonicalRunConfig(
    { ...config, Labels: withoutBaseLabels(config?.Labels) },
    {},
  );
  return { config: { author: author ?? '', ...canonical }, contents: await imageContents(tars) };
}

/** The oci engine adds labels about the base image. */
function withoutBaseLabels(labels: Record<string, string> | null | undefined) {
  const entries = Object.entries(labels ?? {});
  return Object.fromEntries(
    entries.filter(([name]) => !name.startsWith('org.opencontainers.image.base.')),
  );
}
