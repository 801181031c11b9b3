import {
  byteGrowth,
  byteSize,
  grid,
  printable,
  type Report,
  table,
} from '@typerush/terminal-output';
import pc from 'picocolors';
import { type Change, type ComparedImage, type ImageDifference } from './image-difference';
import { differenceTables, type DifferenceTable } from './difference-tables';

const shownRows = 30;
const marks: Readonly<Record<Change, string>> = { added: '+', removed: '-', changed: '~' };

/** A comparison for the terminal, and in full as data. */
export function describeDifference(difference: ImageDifference): Report {
  const { before, after, platform } = difference;
  const title = `${printable(before.name)} and ${printable(after.name)}, ${platform}`;
  const heading = table(title, [
    ['before', describeImage(before)],
    ['after', describeImage(after)],
    ['size', `${byteSize(after.bytes)}, ${byteGrowth(after.bytes - before.bytes)}`],
    ['result', summaryOf(difference)],
  ]);
  if (difference.equal && !difference.findings?.length) return { data: difference, text: heading };
  return {
    data: difference,
    text:
      heading +
      differenceTables(difference)
        .map((one) => describeTable(one))
        .join(''),
  };
}

const describeImage = ({ digest, bytes }: ComparedImage) => `${digest}  ${byteSize(bytes)}`;

/** `3 packages, 2 files, 1 layer differ; 4 layers are the same` */
export function summaryOf(difference: ImageDifference): string {
  const { before, after, equal, sharedLayers } = difference;
  if (before.digest === after.digest) return 'the images are the same';
  if (equal) return 'the images have the same files and configuration, and different digests';
  const counted = differenceTables(difference)
    .filter(({ rows }) => rows.length > 0)
    .map(({ rows, id }) => count(rows.length, nouns[id] ?? id));
  return `differences: ${counted.join(', ')}; ${count(sharedLayers, 'layer')} the same`;
}

const nouns: Partial<Record<DifferenceTable['id'], string>> = {
  packages: 'package',
  findings: 'finding',
  config: 'field',
  layers: 'layer',
  files: 'file',
};

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;

/** @param rest Where the rows are that are not shown. */
export function describeTable(
  { title, heading, rows, empty }: DifferenceTable,
  rest = '--outputFile or --html',
): string {
  if (rows.length === 0) return `${pc.bold(title)}\n  ${empty}\n`;
  const lines = rows
    .slice(0, shownRows)
    .map(({ change, cells }) => [marks[change], ...cells.map((cell) => printable(cell, 80))]);
  const more = rows.length - shownRows;
  const others = more > 0 ? `  and ${more} more: see ${rest}\n` : '';
  return grid(title, ['', ...heading], lines) + others;
}
