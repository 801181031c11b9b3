import { shortDigest } from '@typerush/oci';
import { byteGrowth, byteSize } from '@typerush/terminal-output';
import {
  type Change,
  type Difference,
  type FindingFact,
  type ImageDifference,
  type LayerFact,
  type PackageFact,
} from './image-difference';
import { type ImageFile } from './read-files';

/** One kind of difference as a table of texts, for the terminal, Markdown and HTML. */
export interface DifferenceTable {
  readonly id: keyof ImageDifference;
  readonly title: string;
  /** Of the columns after the change. */
  readonly heading: readonly string[];
  readonly rows: readonly DifferenceRow[];
  /** If there are no rows. */
  readonly empty: string;
}

export interface DifferenceRow {
  readonly change: Change;
  readonly cells: readonly string[];
}

/** A table for each kind of difference; one without rows states why. */
export function differenceTables(difference: ImageDifference): readonly DifferenceTable[] {
  const { packages, files, config, layers, findings } = difference;
  return [
    tableOf('packages', 'Packages', packages, packageRow, {
      heading: ['package', 'version', 'licence', 'size', 'growth'],
      none: 'No package differs.',
      unknown: 'Unknown: one of the images has no SBOM.',
    }),
    tableOf('findings', 'Findings', findings, findingRow, {
      heading: ['finding', 'severity', 'package', 'fixed in'],
      none: 'No finding differs.',
      unknown: 'Unknown: one of the images has no scan in its registry.',
    }),
    tableOf('config', 'Configuration', config, ({ before, after }) => [before ?? '', after ?? ''], {
      heading: ['field', 'before', 'after'],
      none: 'No field differs.',
    }),
    tableOf('layers', 'Layers', layers, layerRow, {
      heading: ['layer', 'size', 'growth', 'digest'],
      none: 'No layer differs.',
    }),
    tableOf('files', 'Files', files, fileRow, {
      heading: ['file', 'size', 'growth', 'mode, owner'],
      none: 'No file differs.',
      unknown: 'Not compared.',
    }),
  ];
}

function tableOf<Fact>(
  id: DifferenceTable['id'],
  title: string,
  differences: readonly Difference<Fact>[] | null,
  cells: (difference: Difference<Fact>) => readonly string[],
  { heading, none, unknown = none }: { heading: string[]; none: string; unknown?: string },
): DifferenceTable {
  const rows = (differences ?? []).map((one) => ({
    change: one.change,
    cells: [one.name, ...cells(one)],
  }));
  return { id, title, heading, rows, empty: differences === null ? unknown : none };
}

const packageRow = ({ before, after }: Difference<PackageFact>) => [
  fromTo(before?.version, after?.version),
  fromTo(before?.license, after?.license),
  size(after?.bytes ?? before?.bytes),
  growth(before?.bytes, after?.bytes, before, after),
];

const findingRow = ({ before, after }: Difference<FindingFact>) => {
  const shown = after ?? before;
  return [
    fromTo(before?.severity, after?.severity),
    [shown?.package, fromTo(before?.version, after?.version)].filter(Boolean).join(' '),
    shown?.fixedIn ?? '',
  ];
};

const layerRow = ({ before, after }: Difference<LayerFact>) => [
  size(after?.bytes ?? before?.bytes),
  growth(before?.bytes, after?.bytes, before, after),
  shortDigest((after ?? before)?.digest ?? ''),
];

const fileRow = ({ before, after }: Difference<ImageFile>) => [
  size(after?.bytes ?? before?.bytes),
  growth(before?.bytes, after?.bytes, before, after),
  fromTo(describe(before), describe(after)),
];

function describe(file: ImageFile | undefined): string | undefined {
  if (!file) return undefined;
  const { type, mode, owner, target } = file;
  const kind = type === 'file' ? '' : `, ${type}${target ? ` to ${target}` : ''}`;
  return `${mode} ${owner}${kind}`;
}

/** One value if both are the same, or only one image has it. */
function fromTo(before: string | undefined, after: string | undefined): string {
  if (before === undefined || after === undefined || before === after) return after ?? before ?? '';
  return `${before} → ${after}`;
}

const size = (bytes: number | undefined) => (bytes === undefined ? '' : byteSize(bytes));

/** Of something that only one image has, its whole size; nothing if a size is unknown. */
function growth(
  before: number | undefined,
  now: number | undefined,
  ...[hadIt, hasIt]: readonly unknown[]
): string {
  if ((hadIt && before === undefined) || (hasIt && now === undefined)) return '';
  return byteGrowth((now ?? 0) - (before ?? 0));
}
