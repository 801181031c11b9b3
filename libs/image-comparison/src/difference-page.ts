import { byteGrowth, byteSize, printable } from '@typerush/terminal-output';
import { type DifferenceRow, differenceTables, type DifferenceTable } from './difference-tables';
import { summaryOf } from './describe-difference';
import { type ComparedImage, type ImageDifference } from './image-difference';
import { markup, type Html, reportPage, rowsWithin } from './report-page';

/** The bytes of the rows of each table; the page with all of them full is below `maxPageBytes`. */
const rowBytes: Partial<Record<DifferenceTable['id'], number>> = {
  packages: 28_000,
  findings: 14_000,
  config: 8_000,
  layers: 6_000,
  files: 30_000,
};

const longestCell = 160;
const marks = { added: '+', removed: '−', changed: '~' } as const;
const numbers: ReadonlySet<string> = new Set(['size', 'growth']);

/** A comparison as one page that needs nothing else. */
export function differencePage(difference: ImageDifference): string {
  const { before, after } = difference;
  const title = `${printable(before.name)} → ${printable(after.name)}`;
  return reportPage(title, differenceSections(difference));
}

/** The parts of the page, for a page about more than a comparison. */
export function differenceSections(difference: ImageDifference): readonly Html[] {
  const { before, after, platform } = difference;
  const growth = `${byteSize(after.bytes)}, ${byteGrowth(after.bytes - before.bytes)}`;
  return [
    markup`<dl>
      ${imageEntry('Before', before)}${imageEntry('After', after)}
      <dt>Platform</dt>
      <dd>${platform}</dd>
      <dt>Size</dt>
      <dd>${growth}</dd>
      <dt>Result</dt>
      <dd>${summaryOf(difference)}</dd>
    </dl> `,
    ...differenceTables(difference).map(section),
  ];
}

const imageEntry = (title: string, { name, digest }: ComparedImage) =>
  markup`<dt>${title}</dt>
    <dd>${printable(name, longestCell)}<br /><code>${digest}</code></dd> `;

function section({ id, title, heading, rows, empty }: DifferenceTable): Html {
  if (rows.length === 0) {
    return markup`<section>
      <h2>${title}</h2>
      <p class="note">${empty}</p>
    </section> `;
  }
  const { shown, more } = rowsWithin(
    rows.map((row) => rowOf(row, heading)),
    rowBytes[id] ?? 0,
  );
  const names = ['change', ...heading];
  const rest =
    more > 0 ? [markup`<p class="note">and ${more} more: see the JSON of docker-diff</p>`] : [];
  return markup`<section>
    <h2>${title} <small>${rows.length}</small></h2>
    <table>
      <thead>
        <tr>
          ${names.map((name) => markup`<th scope="col"${numeric(name)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${shown}
      </tbody>
    </table>
    ${rest}
  </section> `;
}

/** In one line: a page has hundreds of rows. */
const rowOf = ({ change, cells }: DifferenceRow, heading: readonly string[]): Html => {
  const columns = cells.map((cell, index) => cellOf(cell, heading[index] ?? '', index));
  return markup`<tr><td class="${change}">${marks[change]} ${change}</td>${columns}</tr>\n`;
};

function cellOf(cell: string, name: string, index: number): Html {
  const label = index === 0 ? markup`` : markup` data-label="${name}"`;
  return markup`<td${numeric(name)}${label}>${printable(cell, longestCell)}</td>`;
}

const numeric = (name: string): Html => (numbers.has(name) ? markup` class="number"` : markup``);
