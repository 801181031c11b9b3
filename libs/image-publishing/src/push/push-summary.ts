import { byteSize, type Report, table } from '@typerush/terminal-output';
import pc from 'picocolors';
import { describeBudget, type Growth, growthRows } from '../budget/budget';
import { type DestinationRecord, type PushRecord } from './push-record';
import { type Sent } from './push-to-destinations';

const actions = { create: 'created', move: 'moved', keep: 'unchanged' } as const;

type Row = readonly [string, string];

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

function describeImage({ digest, platforms, standIn, budget }: PushRecord): Row[] {
  return [
    ['digest', digest],
    ...(platforms.length > 1 ? platforms.map((one) => [one.platform, one.digest] as const) : []),
    ['size', describeBudget(budget)],
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
    ...destination.tags.map(({ action, tag }) => [actions[action], tag] as const),
    ...attachments('attached', 'attached'),
    ...attachments('has', 'present'),
  ];
}

const kindsOf = (attachments: DestinationRecord['attachments']) =>
  attachments.map(({ kind }) => kind).join(', ');

/** `1 uploaded (0.2 MB), 4 present` */
function describeSent(sent: Sent): string {
  const { uploadedLayers, mountedLayers, presentLayers, uploadedBytes } = sent;
  if (uploadedBytes === 0 && mountedLayers === 0) return 'nothing to upload';
  return [
    `${uploadedLayers} uploaded (${byteSize(uploadedBytes)})`,
    ...(mountedLayers > 0 ? [`${mountedLayers} mounted`] : []),
    `${presentLayers} present`,
  ].join(', ');
}

/** A push in Markdown, for the page of a CI run. @param source The address of the source repository. */
export function pushSummary(record: PushRecord, source?: string): string {
  const { service, environment, digest, platforms, budget, standIn, destinations } = record;
  const unchanged = destinations.every((destination) => destination.unchanged);
  const image = [
    ['digest', code(digest)],
    ...(platforms.length > 1 ? platforms.map((one) => [one.platform, code(one.digest)]) : []),
    ['commit', commitOf(record, source)],
    ['size above the base image', escaped(describeBudget(budget))],
  ];
  const rows = destinations.map((destination) => [
    code(destination.repositoryUri),
    tagsOf(destination),
    describeSent(destination),
    kindsOf(destination.attachments) || 'nothing',
  ]);
  return [
    `### ${service} ${unchanged ? 'is unchanged' : 'was pushed'} in ${environment}`,
    ...(standIn ? ['> Built on a stand-in base image: not for production.'] : []),
    markdownTable(['', ''], image),
    markdownTable(['repository', 'tags', 'sent', 'attached'], rows),
    ...growth('layer', budget.layers),
    ...growth('package', budget.packages),
  ].join('\n\n');
}

function commitOf({ commit }: PushRecord, source?: string): string {
  const short = code(commit.sha.slice(0, 7));
  const isGitHub = source?.startsWith('https://github.com/');
  const link = isGitHub ? `[${short}](${source}/commit/${commit.sha})` : short;
  return commit.dirty ? `${link} with uncommitted changes` : link;
}

const tagsOf = ({ tags }: DestinationRecord) =>
  tags.map(({ tag, action }) => (action === 'keep' ? code(tag) : `**${code(tag)}**`)).join(' ');

function growth(name: string, growths: readonly Growth[]): string[] {
  if (growths.length === 0) return [];
  const rows = growthRows(growths, 10).map(([first = '', ...sizes]) => [escaped(first), ...sizes]);
  return [markdownTable([name, 'before', 'now', 'growth'], rows)];
}

function markdownTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A tag has no backtick and no bar. */
const code = (text: string) => `\`${text}\``;

const escaped = (text: string) => text.replace(/[|\\`*_<>[\]]/g, '\\$&');
