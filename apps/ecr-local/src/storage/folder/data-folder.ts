import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ensureFolder, isTemporary, writeDurably } from '@typerush/service-kit';
import { isBlobName } from './folder-blobs';
import { readCollection } from './folder-documents';
import { isUploadId } from './folder-uploads';
import { hasCode, undefinedWhenMissing } from './missing-file';
import { secretBytes } from './token-secret';

/** Says that a folder is ecr-local's, and in which format; without it nothing in a folder is touched. */
const markerFile = 'ecr-local.json';
const currentFormat = 1;
const markerSchema = z.object({ application: z.literal('ecr-local'), format: z.int().min(1) });

/** What operating systems put into any folder or at the root of a file system. */
const systemNames = new Set([
  '.DS_Store',
  '.Trashes',
  '.fseventsd',
  '.Spotlight-V100',
  'lost+found',
]);
const isSystemName = (name: string) => systemNames.has(name) || name.startsWith('._');

export class DataFolderError extends Error {
  override readonly name = 'DataFolderError';
  readonly code = 'DATA_FOLDER_INVALID';
}

/**
 * Makes sure that the folder is ours before anything in it is written or deleted: it is empty, it is marked, or
 * everything in it is what a version without the mark wrote. Marks it. Throws DataFolderError.
 */
export async function claimFolder(folder: string): Promise<void> {
  await ensureFolder(folder);
  const marker = join(folder, markerFile);
  const mark = await readFile(marker, 'utf8').catch(undefinedWhenMissing);
  if (mark !== undefined) return checkMark(marker, mark);
  const foreign = await findForeign(folder);
  if (foreign !== undefined) {
    throw new DataFolderError(
      `Cannot use ${folder} for data: it is not empty, and ecr-local did not create it. ${foreign} is not a file of ecr-local.\n` +
        'Nothing in it was changed.\n' +
        'Fix: set ECR_LOCAL_DATA to an empty folder or to one that does not exist yet.',
    );
  }
  const content = { application: 'ecr-local', format: currentFormat };
  await writeDurably(marker, `${JSON.stringify(content)}\n`);
}

function checkMark(marker: string, text: string): void {
  const mark = markerSchema.safeParse(parseJson(text)).data;
  if (mark && mark.format <= currentFormat) return;
  throw new DataFolderError(
    mark
      ? `Cannot use the data of a newer ecr-local: ${marker} has format ${mark.format}, and this version reads up to ${currentFormat}.\n` +
          'Fix: start the newer version, or set ECR_LOCAL_DATA to another folder.'
      : `Cannot read ${marker}: it is not a mark of ecr-local.\n` +
          'Fix: restore the file, or set ECR_LOCAL_DATA to another folder.',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

type Check = (path: string, name: string) => Promise<string | undefined>;

/** A path in the folder that no version of ecr-local can have written; undefined for an empty folder. */
const findForeign = (folder: string): Promise<string | undefined> =>
  firstForeign(folder, async (path, name) => {
    const check = Object.hasOwn(contents, name) ? contents[name] : undefined;
    return check ? check(path, name) : isTemporary(name) ? undefined : path;
  });

async function firstForeign(folder: string, check: Check): Promise<string | undefined> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  });
  if (!names) return folder;
  for (const name of names.filter((each) => !isSystemName(each))) {
    const foreign = await check(join(folder, name), name);
    if (foreign !== undefined) return foreign;
  }
  return undefined;
}

const named =
  (isOurs: (name: string) => boolean): Check =>
  async (path, name) =>
    isOurs(name) && (await stat(path)).isFile() ? undefined : path;

/** Buckets are named for the id of a repository, which is a random UUID. */
const bucketName = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-(layers|manifests)$/;

const buckets =
  (isOurs: (name: string) => boolean): Check =>
  (path) =>
    firstForeign(path, (bucket, name) =>
      bucketName.test(name) ? firstForeign(bucket, named(isOurs)) : Promise.resolve(bucket),
    );

const collections = ['account-settings', 'cloudformation-stacks', 'repositories'];

/** What a version without the mark wrote. Of documents the content is checked too: it holds the name of the file. */
const contents: Readonly<Record<string, Check>> = {
  blobs: buckets(isBlobName),
  uploads: buckets(isUploadId),
  documents: (path) =>
    firstForeign(path, async (collection, name) => {
      if (!collections.includes(name)) return collection;
      await readCollection(collection).catch((cause: unknown) => {
        throw new DataFolderError(String(cause instanceof Error ? cause.message : cause), {
          cause,
        });
      });
      return firstForeign(
        collection,
        named((file) => file.endsWith('.json') || isTemporary(file)),
      );
    }),
  [markerFile]: named(() => true),
  'token-secret': async (path) => ((await stat(path)).size === secretBytes ? undefined : path),
  lock: async (path) => ((await stat(path)).isDirectory() ? undefined : path),
  owner: async (path) =>
    /^\d{1,10}$/.test(await readFile(path, 'utf8').catch(() => '')) ? undefined : path,
};
