import {
  describeTable,
  type Difference,
  differenceTables,
  type ImageDifference,
} from '@typerush/image-comparison';
import { byteSize } from '@typerush/terminal-output';

import { type Budget, describeBudget } from './budget';

interface Sized {
  readonly bytes?: number;
}

const growthOf = ({ before, after }: Difference<Sized>) =>
  (after?.bytes ?? 0) - (before?.bytes ?? 0);

/** The same difference, its layers and packages with the largest growth first. */
export function byGrowth(difference: ImageDifference): ImageDifference {
  const { layers, packages } = difference;
  return { ...difference, layers: sorted(layers), packages: packages && sorted(packages) };
}

/** The order of names stays among equal growths. */
const sorted = <Fact extends Sized>(differences: readonly Difference<Fact>[]) =>
  [...differences].sort((a, b) => growthOf(b) - growthOf(a));

/** The layers and packages that differ, for the terminal; empty if none does. */
export const growthTables = (difference: ImageDifference): string =>
  differenceTables(byGrowth(difference))
    .filter(({ id, rows }) => (id === 'layers' || id === 'packages') && rows.length > 0)
    .map((table) => describeTable(table, 'docker-diff'))
    .join('');

/** `0.8 MB of 2.0 MB (40 %), 200 B more than prod` */
export const describeSize = (budget: Budget, difference: ImageDifference | null | undefined) =>
  [describeBudget(budget), ...(difference ? [describeGrowth(difference)] : [])].join(', ');

/** `200 B more than prod` */
export function describeGrowth({ before, after }: ImageDifference): string {
  const growth = after.bytes - before.bytes;
  if (growth === 0) return `as much as ${before.name}`;
  return `${byteSize(Math.abs(growth))} ${growth > 0 ? 'more' : 'less'} than ${before.name}`;
}
