import { printable } from '@typerush/terminal-output';
import {
  type Cell,
  changeMarks,
  type DocumentTable,
  hasChanges,
  isNumeric,
  longestCell,
  type ReportDocument,
  safeLink,
} from './report-document';

const shownRows = 30;

/** A report as Markdown of GitHub: https://github.github.com/gfm/ */
export function reportMarkdown(report: ReportDocument): string {
  const { title, notes = [], facts, tables, rest } = report;
  return [
    `### ${escaped(title)}`,
    ...notes.map((note) => `> ${escapedLine(note)}`),
    ...(facts.length === 0
      ? []
      : [
          tableOf(
            ['', ''],
            facts.map(([name, value]) => [name, cellOf(value)]),
          ),
        ]),
    ...tables.map((table) => sectionOf(table, rest)),
    '',
  ].join('\n\n');
}

function sectionOf(table: DocumentTable, rest: string): string {
  const { title, heading, rows, empty } = table;
  if (rows.length === 0) return `**${escaped(title)}**: ${escaped(empty)}`;
  const marked = hasChanges(table);
  const lines = rows.slice(0, shownRows).map(({ change, cells }) => {
    const [first = '', ...others] = cells;
    const named = typeof first === 'string' ? { code: first } : first;
    const mark = change === undefined ? '' : changeMarks[change];
    return [...(marked ? [mark] : []), ...[named, ...others].map(cellOf)];
  });
  const more = rows.length - shownRows;
  return [
    `**${escaped(title)}** (${rows.length})`,
    tableOf([...(marked ? [''] : []), ...heading], lines),
    ...(more > 0 ? [`and ${more} more: see ${escaped(rest)}`] : []),
  ].join('\n\n');
}

function tableOf(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = heading.map((name) => (isNumeric(name) ? '--:' : '---'));
  return [line(heading), line(rule), ...rows.map(line)].join('\n');
}

function cellOf(cell: Cell): string {
  if (typeof cell === 'string') return escaped(cell);
  if ('code' in cell) return cell.strong ? `**${code(cell.code)}**` : code(cell.code);
  if (!('text' in cell)) return cell.map(cellOf).join(' ');
  const link = safeLink(cell.link);
  const text = escaped(cell.text);
  return link === undefined ? text : `[${text}](<${link.replace(/\|/g, '%7C')}>)`;
}

/** A code span: nothing in it is markup except a bar, which would end the cell. */
function code(text: string): string {
  const shown = printable(text, longestCell);
  if (shown === '') return '';
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // A bar would end the cell; a backslash before it would end its escape.
  const content = shown.replace(/\\(?=\\*\|)/g, '⧵').replace(/\|/g, '\\|');
  return longest > 0 ? `${fence} ${content} ${fence}` : `${fence}${content}${fence}`;
}

const escaped = (text: string): string =>
  printable(text, longestCell)
    .trim()
    .replace(/[|\\`*_~<>[\]&$@]/g, '\\$&');

/** Also what begins a list, a heading or a rule at the beginning of a line. */
const escapedLine = (text: string): string =>
  escaped(text)
    .replace(/^[-+#=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
