import { byteSize, type Report, type Row, table } from '@typerush/terminal-output';
import pc from 'picocolors';
import { describeSize } from '../budget/growth';
import { type DestinationRecord, type PushRecord } from './push-record';
import { type Sent } from './push-to-destinations';

/** By what was done to a tag. */
export const outcomes = { create: 'created', move: 'moved', keep: 'unchanged' } as const;

/** A push for the terminal: digests, then tags, at each destination. */
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

function describeImage({ digest, platforms, standIn, budget, difference }: PushRecord): Row[] {
  return [
    ['digest', digest],
    ...(platforms.length > 1 ? platforms.map((one) => [one.platform, one.digest] as const) : []),
    ['size', describeSize(budget, difference)],
    ...(standIn ? [['base image', pc.yellow('a stand-in: not for production')] as const] : []),
  ];
}

function describeDestination(destination: DestinationRecord, isIndex: boolean): Row[] {
  const attachments = (title: string, outcome: 'attached' | 'present'): Row[] => {
    const some = destination.attachments.filter(({ action }) => action === outcome);
    if (some.length === 0) return [];
    return [[title, kindsOf(some) + (isIndex ? ', to the index of all platforms' : '')]];
  };
  return [
    ['layers', describeSent(destination)],
    ...destination.tags.map(({ action, tag }) => [outcomes[action], tag] as const),
    ...attachments('attached', 'attached'),
    ...attachments('has', 'present'),
  ];
}

export const kindsOf = (attachments: DestinationRecord['attachments']) =>
  attachments.map(({ kind }) => kind).join(', ');

/** `1 uploaded (0.2 MB), 4 present` */
export function describeSent(sent: Sent): string {
  const { uploadedLayers, mountedLayers, presentLayers, uploadedBytes } = sent;
  if (uploadedBytes === 0 && mountedLayers === 0) return 'nothing to upload';
  return [
    `${uploadedLayers} uploaded (${byteSize(uploadedBytes)})`,
    ...(mountedLayers > 0 ? [`${mountedLayers} mounted`] : []),
    `${presentLayers} present`,
  ].join(', ');
}
