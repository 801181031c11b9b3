import { pipeline, type Readable, Transform } from 'node:stream';
import zlib from 'node:zlib';
import { extract, type Headers } from 'tar-stream';
import { ScanError } from '../scan-error';

/** An entry of a layer. */
export interface LayerEntry {
  /** Without a leading or closing `/`. */
  readonly path: string;
  readonly type: 'file' | 'folder' | 'other';
  /** The target of a hard or symbolic link. */
  readonly target?: string;
  readonly isHardLink: boolean;
  readonly size: number;
}

/** A layer as it is in a registry. */
export interface LayerContent {
  /** `application/vnd.oci.image.layer.v1.tar+gzip` */
  readonly mediaType: string;
  readonly bytes: Readable;
}

/** tar-stream keeps the names and attributes before an entry in memory, whatever their length. */
const maximumHeader = 4 * 1024 * 1024;

/**
 * Reads the entries of a layer in their order, as they arrive: the content of only those files that `wants` selects is kept
 * in memory until `take` has returned.
 *
 * @param maximumBytes of the layer once it is uncompressed
 * @throws ScanError if the layer is not a tar, is damaged or too large; what `wants` and `take` throw
 */
export async function readLayer(
  { mediaType, bytes }: LayerContent,
  maximumBytes: number,
  wants: (entry: LayerEntry) => boolean,
  take: (entry: LayerEntry, content: Buffer | undefined) => void,
): Promise<void> {
  const decompress = decompressorOf(mediaType);
  const archive = extract();
  let total = 0;
  let sinceEntry = 0;
  const bounded = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      total += chunk.length;
      sinceEntry += chunk.length;
      if (total > maximumBytes) {
        return done(new ScanError(`a layer has more than ${maximumBytes} bytes`));
      }
      if (sinceEntry > maximumHeader) {
        return done(new ScanError('a layer has a header of more than 4 MiB'));
      }
      done(null, chunk);
    },
  });
  archive.on('entry', (header, stream, next) => {
    sinceEntry = 0;
    const chunks: Buffer[] = [];
    const attempt = (step: () => void) => {
      try {
        step();
        return true;
      } catch (error) {
        next(error);
        return false;
      }
    };
    const entry = entryOf(header);
    let isWanted = false;
    if (!attempt(() => (isWanted = wants(entry)))) return;
    stream.on('data', (chunk: Buffer) => {
      sinceEntry = 0;
      if (isWanted) chunks.push(chunk);
    });
    stream.on('error', next);
    stream.on('end', () => {
      if (attempt(() => take(entry, isWanted ? Buffer.concat(chunks) : undefined))) next();
    });
  });
  await new Promise<void>((resolve, reject) => {
    const end = (error: unknown) => (error ? reject(asScanError(error)) : resolve());
    if (decompress) pipeline(bytes, decompress, bounded, archive, end);
    else pipeline(bytes, bounded, archive, end);
  });
}

function entryOf({ name, type, size, linkname }: Headers): LayerEntry {
  const isFile = type === 'file' || type === 'contiguous-file';
  return {
    path: normalized(name),
    type: isFile ? 'file' : type === 'directory' ? 'folder' : 'other',
    isHardLink: type === 'link',
    size: size ?? 0,
    ...(linkname && { target: linkname }),
  };
}

/** `./etc//os-release` is `etc/os-release`; a name cannot leave the image. */
function normalized(name: string): string {
  const parts: string[] = [];
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** https://github.com/opencontainers/image-spec/blob/v1.1.0/layer.md */
function decompressorOf(mediaType: string): Transform | undefined {
  if (/[.+]gzip$/.test(mediaType)) return zlib.createGunzip();
  if (/\.tar$/.test(mediaType)) return undefined;
  // Node has it since 22.15.
  const { createZstdDecompress } = zlib as { createZstdDecompress?: () => Transform };
  if (/\+zstd$/.test(mediaType) && createZstdDecompress) return createZstdDecompress();
  throw new ScanError(`a layer has the unsupported media type ${mediaType}`);
}

function asScanError(error: unknown): ScanError {
  if (error instanceof ScanError) return error;
  return new ScanError(`a layer cannot be read: ${(error as Error).message}`, { cause: error });
}
