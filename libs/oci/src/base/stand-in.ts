import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { z } from 'zod';
import { type Blob, BlobStore, hashing } from '../blob-store';
import { type Digest, digestSchema } from '../digest';
import { tarStream } from '../layer/tar';
import { type ImageConfig, MEDIA_TYPE } from '../manifest';
import { formatPlatform, hostArchitecture, type Platform } from '../platform';
import { replaceFile } from '../replace-file';
import { type BaseImage, type BaseSource } from './base-source';
import { versionOf } from './host-binary';
import { CA_BUNDLE, type HostRootfs, hostRootfs } from './host-rootfs';

/** The label that tells a stand-in from the real base; its value names the host's Node. */
export const STAND_IN_LABEL = 'dev.typerush.base.stand-in';

export interface StandInOptions {
  /** @default process.execPath */
  readonly nodeBinary?: string;
}

export interface StandInTar {
  readonly path: string;
  /** Of the tar file: the same as long as the host's Node and its libraries are. */
  readonly digest: Digest;
  /** The host's own: `linux/amd64`. */
  readonly platform: string;
  /** `v20.19.0` */
  readonly nodeVersion: string;
  /** Whether it has a shell and npm can run, so that the build stage of a Dockerfile works on it. */
  readonly shell: boolean;
  /** Each for `docker import --change`: environment, command and the label of a stand-in. */
  readonly changes: readonly string[];
}

/**
 * A base image made of the host's own Node: its binary, the libraries it needs, CA certificates, npm, busybox
 * where the host has it, and a user `node` (1000). Stands for any reference, on the host's platform alone.
 * @throws OciError `STAND_IN_UNSUPPORTED` on a host without Linux programs
 */
export function standInBase(options: StandInOptions & { readonly cacheDir: string }): BaseSource {
  const { cacheDir, nodeBinary = process.execPath } = options;
  return {
    async resolve(reference) {
      const rootfs = await hostRootfs(nodeBinary);
      const platform = hostPlatform();
      const key = createHash('sha256').update(rootfs.identity.join('\n')).digest('hex');
      return {
        reference,
        identity: `stand-in:${key}`,
        standIn: true,
        platforms: [formatPlatform(platform)],
        load: () => loadStandIn({ rootfs, key, nodeBinary, platform, cacheDir }),
      };
    },
  };
}

/** The stand-in's root file system as a tar file, for `docker import`. @throws as standInBase */
export async function writeStandInTar(
  file: string,
  { nodeBinary = process.execPath }: StandInOptions = {},
): Promise<StandInTar> {
  const rootfs = await hostRootfs(nodeBinary);
  const nodeVersion = await versionOf(nodeBinary);
  const { sink, result } = hashing();
  await replaceFile(file, async (draft) =>
    pipeline(tarStream(await rootfs.entries()), sink, createWriteStream(draft)),
  );
  return {
    path: file,
    digest: result().digest,
    platform: formatPlatform(hostPlatform()),
    nodeVersion,
    shell: rootfs.shell,
    changes: importChanges(runConfig(rootfs, nodeVersion)),
  };
}

function hostPlatform(): Platform {
  return { os: 'linux', architecture: hostArchitecture(process.arch) };
}

function runConfig({ certificates }: HostRootfs, nodeVersion: string) {
  return {
    Env: [
      'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      `NODE_VERSION=${nodeVersion.replace(/^v/, '')}`,
      // The host may trust an authority of its own: without it npm cannot install there.
      ...(certificates ? [`NODE_EXTRA_CA_CERTS=${CA_BUNDLE}`] : []),
    ],
    Cmd: ['node'],
    Labels: { [STAND_IN_LABEL]: `node ${nodeVersion}` },
  };
}

function importChanges({ Env, Cmd, Labels }: ReturnType<typeof runConfig>): string[] {
  return [
    ...Env.map((pair) => `ENV ${pair}`),
    ...Object.entries(Labels).map(([name, value]) => `LABEL ${name}="${value}"`),
    `CMD ${JSON.stringify(Cmd)}`,
  ];
}

const cachedSchema = z.object({
  diffId: digestSchema,
  layer: z.object({ digest: digestSchema, size: z.number() }),
});

interface StandIn {
  readonly rootfs: HostRootfs;
  /** Stands for the state of the host's files. */
  readonly key: string;
  readonly nodeBinary: string;
  readonly platform: Platform;
  readonly cacheDir: string;
}

/** Written once for each state of the host's files, then taken from the cache. */
async function loadStandIn({
  rootfs,
  key,
  nodeBinary,
  platform,
  cacheDir,
}: StandIn): Promise<BaseImage> {
  const blobs = new BlobStore(cacheDir);
  const nodeVersion = await versionOf(nodeBinary);
  const record = path.join(cacheDir, 'stand-in', `${key}.json`);
  const { diffId, layer } =
    (await readCached(record, blobs)) ?? (await writeLayer(rootfs, blobs, record));
  const config: ImageConfig = {
    ...platform,
    config: runConfig(rootfs, nodeVersion),
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: `stand-in of node ${nodeVersion}` }],
  };
  const descriptor = { mediaType: MEDIA_TYPE.ociLayerGzip, ...layer };
  return { config, layers: [{ descriptor, diffId }] };
}

async function readCached(record: string, blobs: BlobStore) {
  try {
    const cached = cachedSchema.parse(JSON.parse(await readFile(record, 'utf8')));
    return (await blobs.size(cached.layer.digest)) === cached.layer.size ? cached : undefined;
  } catch {
    // Not written yet, or damaged: written anew.
    return undefined;
  }
}

async function writeLayer(
  rootfs: HostRootfs,
  blobs: BlobStore,
  record: string,
): Promise<{ diffId: Digest; layer: Blob }> {
  const { sink, result } = hashing();
  // The fastest level: a stand-in does not leave its machine's registry.
  const gzip = createGzip({ level: 1 });
  const reading = pipeline(tarStream(await rootfs.entries()), sink, gzip);
  // Both have to end: the draft is removed when the taking does, and it knows best what went wrong.
  const [taken, read] = await Promise.allSettled([blobs.takeUnknown(gzip), reading]);
  if (taken.status === 'rejected') throw taken.reason;
  if (read.status === 'rejected') throw read.reason;
  const written = { diffId: result().digest, layer: taken.value };
  await replaceFile(record, (draft) => writeFile(draft, JSON.stringify(written)));
  return written;
}
