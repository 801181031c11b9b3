import { printable } from '@typerush/terminal-output';
import {
  type Cell,
  changeMarks,
  type DocumentRow,
  type DocumentTable,
  hasChanges,
  isNumeric,
  longestCell,
  type ReportDocument,
  safeLink,
} from './report-document';

/** A page of so many bytes opens at once, and fits into the artifacts of a CI run. */
export const maxPageBytes = 100_000;

/** HTML that is complete and escaped. Only the functions of this file create it. */
class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[];

/** A template whose values are escaped, except those that are HTML. */
function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, index) => text + textOf(parts[index] ?? '')).join(''));
}

function textOf(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(({ text }) => text).join('');
  return escapeHtml(String(part));
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** The rows that fit into so many bytes, and the number of those that do not. */
function rowsWithin(rows: readonly Html[], bytes: number): { shown: Html[]; more: number } {
  let left = bytes;
  const shown: Html[] = [];
  for (const row of rows) {
    left -= Buffer.byteLength(row.text);
    if (left < 0) break;
    shown.push(row);
  }
  return { shown, more: rows.length - shown.length };
}

/** A report as a page without scripts, images or requests. */
export function reportPage(report: ReportDocument): string {
  const { title, notes = [], facts, tables, rest } = report;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'"
        />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <style>
          ${new Html(styles)}
        </style>
      </head>
      <body>
        <main>
          <h1>${title}</h1>
          ${notes.map((note) => markup`<p class="warning">${note}</p>\n`)} ${factList(facts)}
          ${tables.map((table) => section(table, rest))}
        </main>
      </body>
    </html> `;
  return page.text;
}

function factList(facts: ReportDocument['facts']): Html {
  if (facts.length === 0) return markup``;
  const entries = facts.map(
    ([name, value]) =>
      markup`<dt>${name}</dt>
        <dd>${cellOf(value)}</dd> `,
  );
  return markup`<dl>
    ${entries}
  </dl> `;
}

const defaultTableBytes = 8_000;

function section(table: DocumentTable, rest: string): Html {
  const { title, heading, rows, empty, maxBytes = defaultTableBytes } = table;
  if (rows.length === 0) {
    return markup`<section>
      <h2>${title}</h2>
      <p class="note">${empty}</p>
    </section> `;
  }
  const names = [...(hasChanges(table) ? ['change'] : []), ...heading];
  const { shown, more } = rowsWithin(
    rows.map((row) => rowOf(row, heading)),
    maxBytes,
  );
  const others = more > 0 ? [markup`<p class="note">and ${more} more: see ${rest}</p>`] : [];
  return markup`<section>
    <h2>${title} <small>${rows.length}</small></h2>
    <table>
      <thead>
        <tr>
          ${names.map((name) => markup`<th scope="col"${classOf(name)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown}
      </tbody>
    </table>
    ${others}
  </section> `;
}

/** In one line: a page has hundreds of rows. */
function rowOf({ change, cells }: DocumentRow, heading: readonly string[]): Html {
  const mark = change
    ? markup`<td class="${change}">${changeMarks[change]} ${change}</td>`
    : markup``;
  const columns = cells.map((cell, index) => {
    const name = heading[index] ?? '';
    const label = index === 0 || cell === '' ? markup`` : markup` data-label="${name}"`;
    const style = index === 0 ? markup` class="name"` : classOf(name);
    return markup`<td${style}${label}>${cellOf(cell)}</td>`;
  });
  return markup`<tr>${mark}${columns}</tr>\n`;
}

const classOf = (name: string): Html => (isNumeric(name) ? markup` class="number"` : markup``);

function cellOf(cell: Cell): Html {
  if (typeof cell === 'string') return markup`${printable(cell, longestCell)}`;
  if ('code' in cell) {
    const code = markup`<code>${printable(cell.code, longestCell)}</code>`;
    return cell.strong ? markup`<strong>${code}</strong>` : code;
  }
  if (!('text' in cell)) return markup`${cell.map((part) => markup`${cellOf(part)} `)}`;
  const link = safeLink(cell.link);
  const text = printable(cell.text, longestCell);
  return link === undefined ? markup`${text}` : markup`<a href="${link}">${text}</a>`;
}

const styles = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #151b23);
  --dim: light-dark(#57606a, #9198a1); --added: light-dark(#116329, #3fb950); --removed: light-dark(#a40e26, #ff7b72);
  --changed: light-dark(#7a4e00, #d29922);
  --link: light-dark(#0550ae, #79c0ff); }
body { margin: 0; font: 15px/1.5 system-ui, sans-serif; background: Canvas; color: CanvasText; }
main { max-width: 70rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
h2 small { font-weight: normal; color: var(--dim); }
p { margin: .5rem 0; }
code { font: .9em/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 0; padding: .75rem 1rem;
  background: var(--soft); border: 1px solid var(--line); border-radius: .5rem; }
dt { color: var(--dim); } dd { margin: 0; overflow-wrap: anywhere; }
table { width: 100%; border-collapse: collapse; font-size: .92rem; }
th { text-align: left; font-weight: 600; color: var(--dim); border-bottom: 2px solid var(--line); padding: .35rem .5rem; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .35rem .5rem; overflow-wrap: anywhere; }
td[class$="ed"] { white-space: nowrap; width: 5.5rem; }
.name { font: .9em/1.6 ui-monospace, monospace; }
td code { display: inline-block; max-width: 100%; }
a { color: var(--link); }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.added { color: var(--added); } .removed { color: var(--removed); } .changed { color: var(--changed); }
.note { color: var(--dim); }
.warning { padding: .5rem 1rem; border: 1px solid var(--line); border-left: .3rem solid var(--changed); border-radius: .25rem; }
@media (max-width: 40rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .35rem 0; }
  td, .number { border: 0; text-align: left; white-space: normal; padding: .1rem .75rem; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--dim); font-family: system-ui, sans-serif; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
}`;
