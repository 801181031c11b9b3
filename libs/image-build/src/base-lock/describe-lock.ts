import { table, type Report } from '@typerush/terminal-output';
import { isChanged, type LockChange, type LockUpdate } from './update-base-lock';

/** What `docker-lock` found and did. */
export function describeLock(file: string, update: LockUpdate, dryRun: boolean): Report {
  const { entries, changed } = update;
  const verb = dryRun ? 'would be written' : 'written';
  return {
    data: {
      file,
      dryRun,
      changed,
      bases: entries.map(({ reference, before, after }) => ({
        reference,
        before: before?.digest ?? null,
        after: after?.digest ?? null,
        platforms: after ? Object.keys(after.platforms).sort() : [],
      })),
    },
    text: table(`${file}: ${changed ? verb : 'up to date'}`, entries.flatMap(rowsOf)),
  };
}

function rowsOf(change: LockChange): (readonly [string, string])[] {
  const { reference, before, after } = change;
  if (!after) return [['removed', `${reference}: the Dockerfile names it no more`]];
  const platforms = Object.keys(after.platforms).sort().join(', ');
  const label = !before ? 'pinned' : isChanged(change) ? 'moved' : 'unchanged';
  const digests =
    before && before.digest !== after.digest ? `${before.digest} -> ${after.digest}` : after.digest;
  return [
    [label, reference],
    ['', digests],
    ['', platforms],
  ];
}
