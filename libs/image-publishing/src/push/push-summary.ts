import { describeBudget, signed } from '../budget/budget';
import { grownBy, type Growth } from '../budget/growth';
import { describeSent } from './describe-sent';
import { type DestinationRecord, type PushRecord } from './push-record';
import { byteSize } from '@typerush/terminal-output';

/** What a push did, in Markdown: for the page of a CI run. */
export function pushSummary(record: PushRecord, source?: string): string {
  const { service, environment, digest, platforms, budget, standIn } = record;
  const unchanged = record.destinations.every((destination) => destination.unchanged);
  return [
    `### ${service} ${unchanged ? 'is unchanged' : 'was pushed'} in ${environment}`,
    ...(standIn ? ['> Built on a stand-in base image: not for production.'] : []),
    table(
      ['', ''],
      [
        ['digest', code(digest)],
        ...(platforms.length > 1 ? platforms.map((one) => [one.platform, code(one.digest)]) : []),
        ['commit', commitOf(record, source)],
        ['weight above the base', escaped(describeBudget(budget))],
      ],
    ),
    table(
      ['repository', 'tags', 'sent', 'attached'],
      record.destinations.map((destination) => [
        code(destination.repositoryUri),
        tagsOf(destination),
        describeSent(destination),
        attachedTo(destination),
      ]),
    ),
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

const attachedTo = ({ attachments }: DestinationRecord) =>
  attachments.map(({ kind }) => kind).join(', ') || 'nothing';

const shown = 10;

function growth(name: string, growths: readonly Growth[]): string[] {
  if (growths.length === 0) return [];
  const rows = growths
    .slice(0, shown)
    .map((one) => [
      escaped(one.name),
      byteSize(one.before),
      byteSize(one.now),
      signed(grownBy(one)),
    ]);
  return [table([name, 'before', 'now', 'growth'], rows)];
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heading), line(heading.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A tag has no backtick and no bar. */
const code = (text: string) => `\`${text}\``;

const escaped = (text: string) => text.replace(/[|\\`*_<>[\]]/g, '\\$&');
