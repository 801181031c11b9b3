import pc from 'picocolors';
import { describeBudget } from '../budget/budget';
import { table, type Report } from '@typerush/terminal-output';
import { describeSent } from './describe-sent';
import { type DestinationRecord, type PushRecord } from './push-record';

const actions = { create: 'created', move: 'moved', keep: 'unchanged' } as const;

/** What a push did: digests, then tags, at each destination. */
export function describePush(record: PushRecord): Report {
  const texts = record.destinations.map((destination, index) =>
    table(`${record.service}: ${titleOf(destination)}`, [
      ...(index === 0 ? describeImage(record) : []),
      ...describeDestination(destination, record.platforms.length > 1),
    ]),
  );
  return { data: record, text: texts.join('') };
}

function titleOf({ unchanged, uploadedBytes, mountedBytes, repositoryUri }: DestinationRecord) {
  if (unchanged) return `unchanged in ${repositoryUri}`;
  return `${uploadedBytes + mountedBytes > 0 ? 'pushed to' : 'tagged in'} ${repositoryUri}`;
}

type Row = readonly [string, string];

function describeImage({ digest, platforms, standIn, budget }: PushRecord): Row[] {
  return [
    ['digest', digest],
    ...(platforms.length > 1 ? platforms.map((one) => [one.platform, one.digest] as const) : []),
    ['weight', describeBudget(budget)],
    ...(standIn ? [['base', pc.yellow('a stand-in: not for production')] as const] : []),
  ];
}

function describeDestination(destination: DestinationRecord, isIndex: boolean): Row[] {
  const attached = destination.attachments.filter(({ action }) => action === 'attached');
  const kept = destination.attachments.filter(({ action }) => action === 'present');
  const kinds = (some: typeof attached) =>
    some.map(({ kind }) => kind).join(', ') + (isIndex ? ', to the index of all platforms' : '');
  return [
    ['layers', describeSent(destination)],
    ...destination.tags.map(({ action, tag }) => [actions[action], tag] as const),
    ...(attached.length > 0 ? [['attached', kinds(attached)] as const] : []),
    ...(kept.length > 0 ? [['has', kinds(kept)] as const] : []),
  ];
}
