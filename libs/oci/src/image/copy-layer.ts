import path from 'node:path';
import { type StageCopy } from '../dockerfile/copy';
import { type FinalStage } from '../dockerfile/final-stage';
import { OciError } from '../errors';
import {
  createLayer,
  FOLDERS_OF_BASE,
  type Layer,
  type LayerDirectory,
  type LayerFile,
} from '../layer/create-layer';
import { readStageFiles, type StageEntry } from './stage-files';

export type StageRoots = Readonly<Record<string, { readonly root: string }>>;

/** The layer that one COPY --from makes, out of the host folder that stands for the stage. */
export async function copyLayer(
  copy: StageCopy,
  stage: FinalStage,
  roots: StageRoots,
): Promise<Layer> {
  const files: LayerFile[] = [];
  const directories: LayerDirectory[] = [];
  for (const source of copy.sources) {
    const host = hostPath(source, copy.fromStage, stage, roots);
    for (const entry of await readStageFiles(host)) {
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

/** What a COPY has to make: its owner is theirs, and a folder that is empty is copied, too. */
function createdFolders(copy: StageCopy, stage: FinalStage): string[] {
  const earlier = stage.copies.slice(0, stage.copies.indexOf(copy));
  const standing = [...earlier.map(folderOf), stage.config.workingDir ?? '/'].flatMap(ancestors);
  return ancestors(folderOf(copy)).filter(
    (folder) => !standing.includes(folder) && !FOLDERS_OF_BASE.has(folder.slice(1)),
  );
}

const folderOf = ({ destination }: StageCopy) =>
  destination.endsWith('/') ? destination.slice(0, -1) : path.posix.dirname(destination);

/** The folder itself included, the root left out. */
function ancestors(folder: string): string[] {
  return folder === '' || folder === '/' || folder === '.'
    ? []
    : [folder, ...ancestors(path.posix.dirname(folder))];
}

/** COPY of a folder copies what it holds; of a file into a folder keeps its name. */
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
      `The Dockerfile copies from the stage "${fromStage}", and no folder of this machine stands for it.`,
    );
  }
  const workdir = stage.stageWorkdirs[fromStage] ?? '/';
  const relative = path.posix.relative(workdir, source);
  if (relative.startsWith('..')) {
    throw new OciError(
      'COPY_SOURCE_OUTSIDE',
      `The Dockerfile copies ${source} from the stage "${fromStage}", outside its folder ${workdir}, ` +
        'which the oci engine cannot do. Build with --engine=docker.',
    );
  }
  return path.join(root, ...relative.split('/'));
}
