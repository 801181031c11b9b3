/** One entry of a layer. */
export interface ImageFile {
  /** Absolute in the image: `/app/main.js`. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'hardlink';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Empty but for a file. */
  readonly content: Buffer;
  /** Of a link. */
  readonly target?: string;
}

/** Whether a person could read it, as far as its start tells. */
export function isText({ content }: ImageFile): boolean {
  return content.length > 0 && !content.subarray(0, 8_192).includes(0);
}
