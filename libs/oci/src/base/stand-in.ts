import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import * as z from 'zod';
import { type Blob, BlobStore, hashing } from '../blob-store';
import { type Digest, digestSchema } from '../digest';
import { tarStream } from '../layer/tar';
import { type ImageConfig, MEDIA_TYPE } from '../manifest';
import { formatPlatform, hostArchitecture, type Platform } from '../platform';
import { replaceFile } from '../replace-file';
import { type BaseImage, type BaseSource, listingsIn } from './base-source';
import { versionOf } from './host-binary';
import { CA_BUNDLE, type HostRootfs, hostRootfs } from './host-rootfs';

/** Marks a stand-in; the value is the version of the host's Node. */
export const STAND_IN_LABEL = 'dev.typerush.base.stand-in';

export interface StandInOptions {
  /** @default process.execPath */
  readonly nodeBinary?: string;
}

export interface StandInTar {
  readonly path: string;
  /** Of the tar file: the same unless the host's Node or its libraries change. */
  readonly digest: Digest;
  /** Of the host: `linux/amd64`. */
  readonly platform: string;
  /** `v20.19.0` */
  readonly nodeVersion: string;
  /** Whether it has a shell and npm can run, so that the build stage of a Dockerfile can use it. */
  readonly shell: boolean;
  /** For `docker import --change`: environment, command and label. */
  readonly changes: readonly string[];
}

/**
 * A base image made of the host's Node: its binary, the libraries it needs, CA certificates, npm, busybox if the host has it, and
 * a user `node` (1000). It replaces any reference, only for the host's platform.
 * @throws OciError `STAND_IN_UNSUPPORTED` on a host without Linux programs
 */
export function standInBase(options: StandInOptions & { readonly cacheDir: string }): BaseSource {
  const { cacheDir, nodeBinary = process.execPath } = options;
  return {
    async resolve(reference) {
      const rootfs = await hostRootfs(nodeBinary);
      const key = createHash('sha256').update(rootfs.identity.join('\n')).digest('hex');
      return {
        reference,
        identity: `stand-in:${key}`,
        standIn: true,
        platforms: [formatPlatform(hostPlatform())],
        load: async () => loadStandIn(rootfs, key, await versionOf(nodeBinary), cacheDir),
      };
    },
  };
}

/** The root file system of the stand-in as a tar file, for `docker import`. @throws as standInBase */
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
  const { Env, Cmd, Labels } = runConfig(rootfs, nodeVersion);
  return {
    path: file,
    digest: result().digest,
    platform: formatPlatform(hostPlatform()),
    nodeVersion,
    shell: rootfs.shell,
    changes: [
      ...Env.map((pair) => `ENV ${pair}`),
      ...Object.entries(Labels).map(([name, value]) => `LABEL ${name}="${value}"`),
      `CMD ${JSON.stringify(Cmd)}`,
    ],
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
      // npm needs the host's certificate authorities, which may be private ones.
      ...(certificates ? [`NODE_EXTRA_CA_CERTS=${CA_BUNDLE}`] : []),
    ],
    Cmd: ['node'],
    Labels: { [STAND_IN_LABEL]: `node ${nodeVersion}` },
  };
}

/** @param key identifies the state of the host's files: the layer is written once for each */
async function loadStandIn(
  rootfs: HostRootfs,
  key: string,
  nodeVersion: string,
  cacheDir: string,
): Promise<BaseImage> {
  const blobs = new BlobStore(cacheDir);
  const record = path.join(cacheDir, 'stand-in', `${key}.json`);
  const { diffId, layer } =
    (await readCached(record, blobs)) ?? (await writeLayer(rootfs, blobs, record));
  const config: ImageConfig = {
    ...hostPlatform(),
    config: runConfig(rootfs, nodeVersion),
    rootfs: { type: 'layers', diff_ids: [diffId] },
    history: [{ created: '1970-01-01T00:00:00Z', created_by: `stand-in of node ${nodeVersion}` }],
  };
  const descriptor = { mediaType: MEDIA_TYPE.ociLayerGzip, ...layer };
  return {
    config,
    layers: [{ descriptor, diffId }],
    blob: async ({ digest }) => blobs.path(digest),
    listings: listingsIn(cacheDir),
  };
}

const cachedSchema = z.object({
  diffId: digestSchema,
  layer: z.object({ digest: digestSchema, size: z.number() }),
});

/** undefined if the layer has not been written, or is damaged. */
async function readCached(record: string, blobs: BlobStore) {
  try {
    const cached = cachedSchema.parse(JSON.parse(await readFile(record, 'utf8')));
    return (await blobs.size(cached.layer.digest)) === cached.layer.size ? cached : undefined;
  } catch {
    return undefined;
  }
}

async function writeLayer(
  rootfs: HostRootfs,
  blobs: BlobStore,
  record: string,
): Promise<{ diffId: Digest; layer: Blob }> {
  const { sink, result } = hashing();
  // The fastest level: a stand-in only leaves its machine for a registry of that machine.
  const gzip = createGzip({ level: 1 });
  const reading = pipeline(tarStream(await rootfs.entries()), sink, gzip);
  // Waits for both, since storing removes its draft when it ends, and prefers its error, which is the more precise one.
  // A failed store destroys the stream, which ends the other.
  const [stored, read] = await Promise.allSettled([blobs.takeUnknown(gzip), reading]);
  if (stored.status === 'rejected') throw stored.reason;
  if (read.status === 'rejected') throw read.reason;
  const written = { diffId: result().digest, layer: stored.value };
  await replaceFile(record, (draft) => writeFile(draft, JSON.stringify(written)));
  return written;
}
