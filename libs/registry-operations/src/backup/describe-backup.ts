import { grid, megabytes, type Report } from '@typerush/terminal-output';
import pc from 'picocolors';
import { type BackupResult } from './back-up';

/** What was backed up, and how to restore it. */
export function describeBackup(result: BackupResult): Report {
  const { environment, dir, withImages, repositories } = result;
  const archived = repositories.reduce((sum, each) => sum + each.archived, 0);
  const heading = ['repository', 'images', 'tags'];
  const text = grid(
    `${environment}: backed up to ${dir}${withImages ? '' : ' (without the images themselves)'}`,
    withImages ? [...heading, 'fetched', 'present'] : heading,
    repositories.map(({ repository, images, tags, fetchedBytes, presentBytes }) => [
      repository,
      String(images),
      String(tags),
      ...(withImages ? [megabytes(fetchedBytes), megabytes(presentBytes)] : []),
    ]),
    ['left', 'right', 'right', 'right', 'right'],
  );
  const note =
    archived > 0
      ? `${pc.yellow(`${archived} archived images: only metadata was backed up. Activate them first to back them up.`)}\n`
      : '';
  return {
    data: result,
    text: `${text}\n${note}Restore it: nx run infra:restore -c ${environment} --from=${dir}\n`,
  };
}
