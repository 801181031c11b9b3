import os from 'node:os';
import { type Rule } from '../check';
import { type ImageToVerify } from '../image-to-verify';
import { type ImageFile, isText } from '../layers/read-layer';
import { developmentPackages } from './development-packages';
import { findSecrets } from './secrets';

/** The layers above the base image. */
export const fileRules: readonly Rule<ImageToVerify>[] = [
  {
    id: 'secrets',
    fact: 'contains no secret',
    remedy:
      'remove it and, since it must be considered leaked, revoke it. Provide secrets at startup through the orchestrator',
    check: findSecrets,
  },
  {
    id: 'tests',
    fact: 'contains no tests',
    remedy: 'copy only the bundle; leave tests out of the assets',
    check: each(isTest),
  },
  {
    id: 'sources',
    fact: 'contains no TypeScript',
    remedy: 'copy only the bundle',
    // The libraries of a compiler that is shipped as files are its data.
    check: each(
      (file) =>
        /\.[cm]?tsx?$/.test(file.path) &&
        !/\/node_modules\/.*\.d\.[cm]?ts$/.test(file.path) &&
        isText(file),
    ),
  },
  {
    id: 'source-maps',
    fact: 'contains no source map with embedded sources',
    remedy: 'leave source maps out of the image, or configure the bundler to omit sourcesContent',
    check: each(hasEmbeddedSources),
  },
  {
    id: 'development-packages',
    fact: 'contains no package that is only for development',
    remedy: 'move it to `dependencies`, or do not import it in the service',
    check: developmentPackages,
  },
  {
    id: 'build-paths',
    fact: 'contains no path of the build machine',
    remedy: 'build without absolute paths: they make the digest depend on the machine',
    check: buildPaths,
  },
  {
    id: 'modes',
    fact: 'contains no file with setuid or setgid, and none that is writable by everybody',
    remedy: 'chmod -R a=rX,u+w the files before they are copied',
    check: ({ files }) => files.flatMap(unsafeMode),
  },
  {
    id: 'owners',
    fact: 'contains no file that its own user can change',
    remedy: 'leave out --chown: files belong to root, and the service only reads them',
    check: writableByService,
  },
];

const testFolders = /\/(__tests__|__mocks__|__snapshots__|tests?)\//;
const testFiles = /\.(test|spec)\.[cm]?[jt]sx?$|\.snap$/;

function isTest({ path, type }: ImageFile): boolean {
  return type === 'file' && (testFolders.test(path) || testFiles.test(path));
}

function each(wrong: (file: ImageFile) => boolean) {
  return ({ files }: ImageToVerify): string[] => files.filter(wrong).map(({ path }) => path);
}

const inlineMap = /[#@] sourceMappingURL=data:application\/json[^,\s]*?(;base64)?,(\S+)/g;

/** Whether the file is or contains a source map with sources. */
function hasEmbeddedSources({ path, content }: ImageFile): boolean {
  if (path.endsWith('.map')) return mapHasSources(content.toString());
  if (!/\.([cm]?js|css)$/.test(path)) return false;
  for (const [, base64, data = ''] of content.toString().matchAll(inlineMap)) {
    if (mapHasSources(base64 ? Buffer.from(data, 'base64').toString() : unescaped(data)))
      return true;
  }
  return false;
}

function mapHasSources(text: string): boolean {
  try {
    const { sourcesContent } = JSON.parse(text) as { sourcesContent?: unknown };
    return Array.isArray(sourcesContent) && sourcesContent.some((source) => Boolean(source));
  } catch {
    // The file is not a source map.
    return false;
  }
}

function unescaped(data: string): string {
  try {
    return decodeURIComponent(data);
  } catch {
    return data;
  }
}

/** Files that contain the path of the workspace or of the home folder. */
function buildPaths({ files, service, platforms }: ImageToVerify): string[] {
  const workingDirs = platforms.map(({ run }) => run.WorkingDir ?? '/');
  const folders = [service.workspaceRoot, os.homedir()].filter(
    (folder) =>
      // Many programs contain "/root" and such; a workspace in /app cannot be distinguished from /app in the image.
      folder.split('/').length > 2 &&
      !workingDirs.some((dir) => `${dir}/`.startsWith(`${folder}/`)),
  );
  return files.filter(isText).flatMap(({ path, content }) =>
    folders
      .filter((folder) => content.includes(`${folder}/`))
      .slice(0, 1)
      .map((folder) => `${path}, line ${lineOf(content, `${folder}/`)}: ${folder}/…`),
  );
}

function lineOf(content: Buffer, text: string): number {
  return content.subarray(0, content.indexOf(text)).toString('latin1').split('\n').length;
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0');

function unsafeMode({ path, type, mode }: ImageFile): string[] {
  if (type === 'symlink') return [];
  const sticky = type === 'directory' && (mode & 0o1000) !== 0;
  const special = type === 'file' && (mode & 0o6000) !== 0;
  const open = (mode & 0o002) !== 0 && !sticky;
  return special || open ? [`${path} has mode ${octal(mode)}`] : [];
}

function writableByService({ files, platforms }: ImageToVerify): string[] {
  const users = platforms.map(({ run }) => (run.User ?? '').split(':').map(Number));
  return files
    .filter(({ type, uid, gid, mode }) =>
      users.some(
        ([user = 0, group = 0]) =>
          type !== 'symlink' &&
          ((user !== 0 && uid === user && (mode & 0o200) !== 0) ||
            (group !== 0 && gid === group && (mode & 0o020) !== 0)),
      ),
    )
    .map(({ path, uid, gid, mode }) => `${path} belongs to ${uid}:${gid} with mode ${octal(mode)}`);
}
