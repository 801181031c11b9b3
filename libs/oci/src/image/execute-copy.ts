import { open } from 'node:fs/promises';
import path from 'node:path';
import { type CopyStep } from '../dockerfile/copy';
import { OciError } from '../errors';
import { extractInto } from '../files/apply-layer';
import { archiveIn, UnreadableArchive } from '../files/archive';
import { FileCopy } from '../files/copy-files';
import { bytesOf, type FileSource, followLinks, textOf } from '../files/file-source';
import { FileTree, type Owner, ROOT_OWNER } from '../files/file-tree';
import { type LayerFiles } from '../files/layer-files';
import { hasWildcards, PathMatcher } from '../files/path-pattern';
import { resolveSources } from '../files/wildcards';
import { type ScannedEntry, scanTar } from '../layer/scan-tar';

export interface CopyTask {
  readonly source: FileSource;
  readonly tree: FileTree;
  readonly owner?: Owner;
  readonly layers: LayerFiles;
}

/** Executes a COPY, or an ADD of local files. @throws OciError `COPY_SOURCE_MISSING` and the errors of FileCopy */
export async function executeCopy(step: CopyStep, task: CopyTask): Promise<void> {
  const { tree, owner } = task;
  const { mode } = step;
  const exclude = step.exclude.length > 0 ? new PathMatcher(step.exclude) : undefined;
  const destination = bytesOf(step.destination);
  for (const source of step.sources) {
    const { base, include } = step.parents
      ? withParents(source)
      : { base: source, include: undefined };
    for (const found of await existingSources(step, task.source, source, base)) {
      if (step.unpack && (await extract(found, destination, task))) continue;
      await new FileCopy(task.source, tree, { owner, mode, include, exclude }).run(
        found,
        destination,
      );
    }
  }
  for (const { name, content } of step.documents) {
    const document = FileTree.empty();
    const read = async () => Buffer.from(content);
    document.set(`/${bytesOf(name)}`, { type: 'file', mode: 0o644, ...ROOT_OWNER, read });
    await new FileCopy(document, tree, { owner, mode }).run(`/${bytesOf(name)}`, destination);
  }
}

/** `--parents`: the source is a pattern of what is copied from its base, with the folders between them. */
function withParents(source: string): { base: string; include: PathMatcher } {
  const pivot = source.indexOf('/./');
  const base = pivot < 0 ? '/' : source.slice(0, pivot) || '/';
  const pattern = pivot < 0 ? source.slice(1) : source.slice(pivot + 3);
  return { base, include: new PathMatcher([pattern]) };
}

async function existingSources(
  { parents }: CopyStep,
  files: FileSource,
  source: string,
  base: string,
): Promise<readonly string[]> {
  const required = parents ? source.replace('/./', '/') : source;
  if (!hasWildcards(required)) await checkExists(files, required);
  return resolveSources(files, base);
}

async function checkExists(files: FileSource, source: string): Promise<void> {
  const target = await followLinks(files, bytesOf(source));
  if (await files.entry(target)) return;
  throw new OciError(
    'COPY_SOURCE_MISSING',
    `Cannot copy ${source}: it does not exist.\nFix: build the project first, or correct the path.`,
  );
}

/** @returns whether the source is an archive */
async function extract(found: string, destination: string, task: CopyTask): Promise<boolean> {
  const { source, tree, owner, layers } = task;
  const entry = await source.entry(await followLinks(source, found));
  if (entry?.type !== 'file') return false;
  const archive = archiveIn(await entry.read());
  if (!archive) return false;
  if (owner)
    throw new UnreadableArchive(
      'is extracted with --chown, which versions of BuildKit treat differently',
    );
  const folder = await followLinks(tree, destination);
  tree.makeFolders(folder);
  const file = await layers.temporary(path.posix.basename(textOf(found)), archive);
  const handle = await open(file);
  try {
    const entries = await scanTar(handle);
    const read = async ({ offset, size }: ScannedEntry) => archive.subarray(offset, offset + size);
    await extractInto(tree, folder, entries, read);
    return true;
  } finally {
    await handle.close();
  }
}
