import { byteGrowth, byteSize, printable } from '@typerush/terminal-output';
import { differenceTables, type DifferenceTable } from './difference-tables';
import { summaryOf } from './describe-difference';
import { type ComparedImage, type ImageDifference } from './image-difference';
import { type DocumentTable, type ReportDocument } from './report-document';
import { reportPage } from './report-page';

/** The bytes of the rows of each table; the page with all of them full is below `maxPageBytes`. */
const rowBytes: Partial<Record<DifferenceTable['id'], number>> = {
  packages: 28_000,
  findings: 14_000,
  config: 8_000,
  layers: 6_000,
  files: 30_000,
};

/** A comparison as one page that needs nothing else. */
export const differencePage = (difference: ImageDifference): string =>
  reportPage(differenceDocument(difference));

export function differenceDocument(difference: ImageDifference): ReportDocument {
  const { before, after, platform } = difference;
  return {
    title: `${printable(before.name)} → ${printable(after.name)}`,
    facts: [
      ['Before', imageCell(before)],
      ['After', imageCell(after)],
      ['Platform', platform],
      ['Size', `${byteSize(after.bytes)}, ${byteGrowth(after.bytes - before.bytes)}`],
      ['Result', summaryOf(difference)],
    ],
    tables: documentTables(difference),
    rest: 'the JSON of docker-diff',
  };
}

/** The tables of a comparison, for a report about more than that. */
export const documentTables = (
  difference: ImageDifference,
): readonly (DocumentTable & Pick<DifferenceTable, 'id'>)[] =>
  differenceTables(difference).map((table) => ({ ...table, maxBytes: rowBytes[table.id] }));

const imageCell = ({ name, digest }: ComparedImage) => [name, { code: digest }];
