import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import tar, { type Headers } from 'tar-stream';
import { type ImageLayer } from '../src/inventory';

export const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** The content of a file, or the header of another entry, by path. */
export type LayerFiles = Readonly<Record<string, string | Buffer | Omit<Headers, 'name'>>>;

export async function tarOf(files: LayerFiles): Promise<Buffer> {
  const pack = tar.pack();
  for (const [name, file] of Object.entries(files)) {
    if (typeof file === 'string' || Buffer.isBuffer(file)) pack.entry({ name }, file);
    else pack.entry({ ...file, name });
  }
  pack.finalize();
  return buffer(pack);
}

/** A layer as an image has it. */
export async function layerOf(files: LayerFiles): Promise<Buffer> {
  return gzipSync(await tarOf(files));
}

/** A layer of these bytes, whatever they are. */
export const imageLayer = (bytes: Buffer, mediaType = layerType): ImageLayer => ({
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
  open: async () => ({ mediaType, bytes: Readable.from([bytes]) }),
});

export const osRelease = (id: string, versionId: string) =>
  `PRETTY_NAME="${id} ${versionId}"\nID=${id}\nVERSION_ID="${versionId}"\n`;

/** `var/lib/dpkg/status` of packages: name, version and, if it has another name, the source package. */
export const dpkgStatus = (...packages: readonly (readonly [string, string, string?])[]) =>
  packages
    .map(
      ([name, version, source]) =>
        `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\n` +
        `${source === undefined ? '' : `Source: ${source}\n`}Version: ${version}\nDescription: a\n package: b\n`,
    )
    .join('\n');
