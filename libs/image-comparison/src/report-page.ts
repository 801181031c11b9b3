/** A page of so many bytes opens at once, and fits into the artifacts of a CI run. */
export const maxPageBytes = 100_000;

/** HTML that is complete and escaped. Only the functions of this file create it. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | Html | readonly Html[];

/** A template whose values are escaped, except those that are HTML. */
export function markup(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
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

export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => entities[character] ?? '');

/** The rows that fit into so many bytes, and the number of those that do not. */
export function rowsWithin(rows: readonly Html[], bytes: number): { shown: Html[]; more: number } {
  let left = bytes;
  const shown: Html[] = [];
  for (const row of rows) {
    left -= Buffer.byteLength(row.text);
    if (left < 0) break;
    shown.push(row);
  }
  return { shown, more: rows.length - shown.length };
}

/** A page without scripts, images or requests. */
export function reportPage(title: string, body: readonly Html[]): string {
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
          ${body}
        </main>
      </body>
    </html> `;
  return page.text;
}

const styles = `
:root { color-scheme: light dark; --line: light-dark(#d0d7de, #3d444d); --soft: light-dark(#f6f8fa, #151b23);
  --dim: light-dark(#57606a, #9198a1); --added: light-dark(#116329, #3fb950); --removed: light-dark(#a40e26, #ff7b72);
  --changed: light-dark(#7a4e00, #d29922); }
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
td:first-child { white-space: nowrap; width: 5.5rem; }
td:nth-child(2) { font: .9em/1.6 ui-monospace, monospace; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.added { color: var(--added); } .removed { color: var(--removed); } .changed { color: var(--changed); }
.note { color: var(--dim); }
@media (max-width: 40rem) {
  thead { position: absolute; clip-path: inset(50%); }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .35rem 0; }
  td, .number { border: 0; text-align: left; white-space: normal; padding: .1rem .75rem; }
  td:empty { display: none; }
  td[data-label]::before { content: attr(data-label) ": "; color: var(--dim); font-family: system-ui, sans-serif; }
  dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .5rem; }
}`;
