import { type Change } from './image-difference';

/** Text that may come from others; a name that is to be read exactly; a link, which is text if there is no address. */
export type Cell =
  | string
  | { readonly code: string; readonly strong?: boolean }
  | { readonly text: string; readonly link: string | undefined }
  | readonly Cell[];

export interface DocumentRow {
  readonly change?: Change;
  readonly cells: readonly Cell[];
}

export interface DocumentTable {
  readonly title: string;
  /** Of the columns after the change. */
  readonly heading: readonly string[];
  readonly rows: readonly DocumentRow[];
  /** If there are no rows. */
  readonly empty: string;
  /** The bytes of its rows in HTML. @default 8,000 */
  readonly maxBytes?: number;
}

/** A report for people, in the same words as HTML and as Markdown. */
export interface ReportDocument {
  readonly title: string;
  /** What a reader must not miss. */
  readonly notes?: readonly string[];
  readonly facts: readonly (readonly [name: string, value: Cell])[];
  readonly tables: readonly DocumentTable[];
  /** Where the rows are that do not fit. */
  readonly rest: string;
}

export const changeMarks: Readonly<Record<Change, string>> = {
  added: '+',
  removed: '−',
  changed: '~',
};

/** Whether the first column says what happened to the other ones. */
export const hasChanges = ({ rows }: DocumentTable): boolean =>
  rows.some(({ change }) => change !== undefined);

const numericColumns: ReadonlySet<string> = new Set(['size', 'growth']);

export const isNumeric = (heading: string): boolean => numericColumns.has(heading);

/** Cells of texts of others may be long. */
export const longestCell = 160;

/** An address that a report may link to: a page of the web or beside the report, which runs nothing in this one. */
export function safeLink(link: string | undefined): string | undefined {
  if (link !== undefined && pageBeside.test(link)) return link;
  if (link === undefined || !URL.canParse(link)) return undefined;
  const { protocol, href } = new URL(link);
  return protocol === 'https:' ? href : undefined;
}

/** `game-service/summary.html` */
const pageBeside = /^([\w-]+\/)*[\w-]+\.html$/;
