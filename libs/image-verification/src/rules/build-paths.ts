import os from 'node:os';
import { isText } from '../layers/image-file';
import { type Subject } from '../subject';

/** Files that name the folder of the workspace or the home of whoever built the image. */
export function buildPaths({ files, service, platforms }: Subject): string[] {
  const workingDirs = platforms.map(({ run }) => run.WorkingDir ?? '/');
  const folders = [service.workspaceRoot, os.homedir()].filter(
    (folder) =>
      // "/root" and such stand in many a program; a workspace in /app cannot be told from the image's /app.
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
