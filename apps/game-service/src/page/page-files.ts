import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The content codings that the build of the page writes beside a file, the preferred one first. */
const codings = { br: '.br', gzip: '.gz' } as const;

export type Coding = keyof typeof codings | 'identity';

/** One file as it is sent: plain or compressed. */
export interface Representation {
  /** Relative to the folder of the page. */
  readonly file: string;
  /** Of the content: in an image, the size and the time of a changed file can be those of the previous one. */
  readonly etag: string;
}

export interface PageFile {
  /** Decides the media type, also of a compressed representation. */
  readonly extension: string;
  /** Preferred first. */
  readonly representations: ReadonlyMap<Coding, Representation>;
}

/**
 * The files of the page by URL path, such as `/index.html`. Only these can be requested, so that no path leads out of the
 * folder. Empty if the folder does not exist.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const names = new Set(filesIn(folder));
  const plain = [...names].filter((name) => !compressedFrom(name, names));
  return new Map(plain.map((name) => [`/${name}`, pageFile(folder, name, names)]));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)))
      .map((name) => name.split(path.sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

const compressedFrom = (name: string, names: ReadonlySet<string>) =>
  Object.values(codings).some(
    (suffix) => name.endsWith(suffix) && names.has(name.slice(0, -suffix.length)),
  );

function pageFile(folder: string, name: string, names: ReadonlySet<string>): PageFile {
  const candidates: [Coding, string][] = [
    ...Object.entries(codings).map(([coding, suffix]): [Coding, string] => [
      coding as Coding,
      `${name}${suffix}`,
    ]),
    ['identity', name],
  ];
  const representations = candidates
    .filter(([, file]) => names.has(file))
    .map(([coding, file]): [Coding, Representation] => [
      coding,
      { file, etag: etagOf(readFileSync(path.join(folder, file))) },
    ]);
  return { extension: path.extname(name), representations: new Map(representations) };
}

const etagOf = (content: Buffer) =>
  `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`;
