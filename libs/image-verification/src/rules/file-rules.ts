import { type ImageFile, isText } from '../layers/image-file';
import { type Subject } from '../subject';
import { buildPaths } from './build-paths';
import { developmentPackages } from './development-packages';
import { type Rule } from './rule';
import { findSecrets } from './secrets';
import { mapsWithSources } from './source-maps';

/** What is in the layers above the base. */
export const fileRules: readonly Rule[] = [
  {
    id: 'secrets',
    fact: 'holds no secret',
    remedy:
      'take it out, and take it for known: revoke it. Services get secrets when they start, from the orchestrator',
    broken: findSecrets,
  },
  {
    id: 'tests',
    fact: 'holds no test',
    remedy: 'copy the bundle alone; leave tests out of the assets',
    broken: every(isTest),
  },
  {
    id: 'sources',
    fact: 'holds no TypeScript',
    remedy: 'copy the bundle alone',
    broken: every((file) => /\.[cm]?tsx?$/.test(file.path) && isText(file)),
  },
  {
    id: 'source-maps',
    fact: 'holds no source map with the sources in it',
    remedy: 'leave maps out of the image, or have the bundler leave out sourcesContent',
    broken: every(mapsWithSources),
  },
  {
    id: 'development-packages',
    fact: 'holds no package that is there for development alone',
    remedy: 'make it one of `dependencies`, or do not import it from what runs',
    broken: developmentPackages,
  },
  {
    id: 'build-paths',
    fact: 'names no folder of the machine that built it',
    remedy:
      'build without absolute paths: they differ from machine to machine, and so does the digest',
    broken: buildPaths,
  },
  {
    id: 'modes',
    fact: 'holds no file with setuid or setgid, and none that everybody may write',
    remedy: 'chmod -R a=rX,u+w what is copied',
    broken: ({ files }) => files.flatMap(wrongMode),
  },
  {
    id: 'owners',
    fact: 'holds nothing that its own user could change',
    remedy: 'leave out --chown: files belong to root, and the service reads them',
    broken: writableByTheService,
  },
];

const testFolders = /\/(__tests__|__mocks__|__snapshots__|tests?)\//;
const testFiles = /\.(test|spec)\.[cm]?[jt]sx?$|\.snap$/;

function isTest({ path, type }: ImageFile): boolean {
  return type === 'file' && (testFolders.test(path) || testFiles.test(path));
}

function every(wrong: (file: ImageFile) => boolean) {
  return ({ files }: Subject): string[] => files.filter(wrong).map(({ path }) => path);
}

const octal = (mode: number) => mode.toString(8).padStart(4, '0');

function wrongMode({ path, type, mode }: ImageFile): string[] {
  if (type === 'symlink') return [];
  const sticky = type === 'directory' && (mode & 0o1000) !== 0;
  const special = type === 'file' && (mode & 0o6000) !== 0;
  const open = (mode & 0o002) !== 0 && !sticky;
  return special || open ? [`${path} has mode ${octal(mode)}`] : [];
}

function writableByTheService({ files, platforms }: Subject): string[] {
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
