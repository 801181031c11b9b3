import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type StageCopy } from '../dockerfile/copy';
import { type FinalStage } from '../dockerfile/final-stage';
import { OciError } from '../errors';
import {
  BASE_FOLDERS,
  createLayer,
  type Layer,
  type LayerDirectory,
  type LayerFile,
} from '../layer/create-layer';

/** By stage, the host folder with the content of its working directory. */
export type StageRoots = Readonly<Record<string, { readonly root: string }>>;

/** The layer of one COPY --from, made of the host folder of that stage. */
export async function copyLayer(
  copy: StageCopy,
  stage: FinalStage,
  roots: StageRoots,
): Promise<Layer> {
  const files: LayerFile[] = [];
  const directories: LayerDirectory[] = [];
  for (const source of copy.sources) {
    const host = hostPath(source, copy.fromStage, stage, roots);
    for (const entry of await readSource(host)) {
      const target = targetOf(entry, source, copy.destination);
      const attributes = { path: target, ...copy.owner, mode: copy.chmod };
      if (entry.type === 'directory') directories.push(attributes);
      else files.push({ ...attributes, content: entry.content, executable: entry.executable });
    }
  }
  const known = new Set(directories.map(({ path: target }) => target));
  for (const target of createdFolders(copy, stage)) {
    if (!known.has(target)) directories.push({ path: target, ...copy.owner });
  }
  const workdir = stage.config.workingDir;
  const below = [...files, ...directories].some(({ path: target }) =>
    target.startsWith(`${workdir}/`),
  );
  if (workdir && workdir !== '/' && !below) directories.push({ path: workdir });
  return createLayer(files, directories);
}

/** The folders that a COPY creates with its owner. */
function createdFolders(copy: StageCopy, stage: FinalStage): string[] {
  const earlier = stage.copies.slice(0, stage.copies.indexOf(copy));
  const existing = [...earlier.map(folderOf), stage.config.workingDir ?? '/'].flatMap(ancestors);
  return ancestors(folderOf(copy)).filter(
    (folder) => !existing.includes(folder) && !BASE_FOLDERS.has(folder.slice(1)),
  );
}

const folderOf = ({ destination }: StageCopy) =>
  destination.endsWith('/') ? destination.slice(0, -1) : path.posix.dirname(destination);

/** The folder and its parents, without the root. */
function ancestors(folder: string): string[] {
  return folder === '' || folder === '/' || folder === '.'
    ? []
    : [folder, ...ancestors(path.posix.dirname(folder))];
}

/** COPY copies the content of a folder; a file that is copied into a folder keeps its name. */
function targetOf(entry: StageEntry, source: string, destination: string): string {
  if (entry.relative !== '') return path.posix.join(destination, entry.relative);
  return destination.endsWith('/')
    ? path.posix.join(destination, path.posix.basename(source))
    : destination;
}

function hostPath(source: string, fromStage: string, stage: FinalStage, roots: StageRoots): string {
  const root = roots[fromStage]?.root;
  if (root === undefined) {
    throw new OciError(
      'STAGE_ROOT_MISSING',
      `Cannot copy ${source} from stage "${fromStage}": no folder of this machine is set for that stage.`,
    );
  }
  const workdir = stage.stageWorkdirs[fromStage] ?? '/';
  const relative = path.posix.relative(workdir, source);
  if (relative.startsWith('..')) {
    throw new OciError(
      'COPY_SOURCE_OUTSIDE',
      `Cannot copy ${source} from stage "${fromStage}": it is outside of the stage's folder ${workdir}, ` +
        'which the oci engine does not support.\nFix: build with --engine=docker.',
    );
  }
  return path.join(root, ...relative.split('/'));
}

/** `relative` is '' for the source itself, and has `/` on every host. */
type StageEntry =
  | { readonly type: 'directory'; readonly relative: string }
  | {
      readonly type: 'file';
      readonly relative: string;
      readonly content: Uint8Array;
      readonly executable: boolean;
    };

/**
 * A file, or the content of a folder, on the host.
 * @throws OciError `COPY_SOURCE_MISSING`, `FILE_UNSUPPORTED` for anything but files and folders
 */
async function readSource(source: string): Promise<StageEntry[]> {
  const found = await stat(source).catch((cause: unknown) => {
    const problem = `Cannot copy ${source}: it does not exist.\nFix: build the project first.`;
    throw new OciError('COPY_SOURCE_MISSING', problem, { cause });
  });
  return found.isDirectory() ? readFolder(source, '') : [await readOne(source, '')];
}

async function readFolder(folder: string, relative: string): Promise<StageEntry[]> {
  const entries: StageEntry[] = [];
  for (const item of await readdir(folder, { withFileTypes: true })) {
    const inside = path.posix.join(relative, item.name);
    const file = path.join(folder, item.name);
    if (item.isDirectory()) {
      entries.push({ type: 'directory', relative: inside }, ...(await readFolder(file, inside)));
    } else if (item.isFile()) {
      entries.push(await readOne(file, inside));
    } else {
      const kind = item.isSymbolicLink() ? 'a symbolic link' : 'not a regular file';
      throw new OciError(
        'FILE_UNSUPPORTED',
        `Cannot copy ${file}: it is ${kind}. Only files and folders are supported.\nFix: copy the file itself.`,
      );
    }
  }
  return entries;
}

async function readOne(file: string, relative: string): Promise<StageEntry> {
  const [content, { mode }] = await Promise.all([readFile(file), stat(file)]);
  return { type: 'file', relative, content, executable: (mode & 0o100) !== 0 };
}
