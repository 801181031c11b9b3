import { readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { gunzipSync } from 'node:zlib';
import { PipelineError } from '@typerush/pipeline-context';
import { extract, type Headers } from 'tar-stream';

/** An entry of a layer. */
export interface ImageFile {
  /** Absolute in the image: `/app/main.js`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Empty except for files. */
  readonly content: Buffer;
  /** Of a link. */
  readonly target?: string;
}

/** Whether the start of a file is text. */
export function isText({ content }: ImageFile): boolean {
  return content.length > 0 && !content.subarray(0, 8_192).includes(0);
}

/**
 * All entries of a layer with their content, in order. The layer must fit into memory.
 * @throws PipelineError `LAYER_UNREADABLE`
 */
export async function readLayer(file: string): Promise<ImageFile[]> {
  const files: ImageFile[] = [];
  const tar = extract();
  tar.on('entry', (header, content, next) => {
    buffer(content).then((bytes) => {
      files.push(imageFile(header, bytes));
      next();
    }, next);
  });
  try {
    const bytes = await readFile(file);
    const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
    await pipeline([isGzip ? gunzipSync(bytes) : bytes], tar);
  } catch (cause) {
    throw new PipelineError(
      'LAYER_UNREADABLE',
      `Cannot read layer ${file}: ${(cause as Error).message}.\nFix: build the image again.`,
      { cause },
    );
  }
  return files;
}

const types: Readonly<Record<string, ImageFile['type']>> = {
  directory: 'directory',
  symlink: 'symlink',
  link: 'hardlink',
};

function imageFile(header: Headers, content: Buffer): ImageFile {
  const { name, type, mode = 0, uid = 0, gid = 0, linkname } = header;
  return {
    path: `/${name.replace(/^(\.?\/)+/, '').replace(/\/+$/, '')}`,
    type: types[type ?? 'file'] ?? 'file',
    mode: mode & 0o7777,
    uid,
    gid,
    content,
    ...(linkname ? { target: linkname } : {}),
  };
}
