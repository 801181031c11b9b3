import pc from 'picocolors';

/** One result, for machines (`--json`, one line) and for people. */
export interface Report {
  readonly data: unknown;
  readonly text: string;
  /** False if it found what fails the command. @default true */
  readonly passed?: boolean;
}

/** A name and what it is. */
export type Row = readonly [string, string];

/** A title and rows, aligned. */
export function table(title: string, rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${pc.dim(name.padEnd(width))}  ${value}`);
  return `${[pc.bold(title), ...lines].join('\n')}\n`;
}

type Align = 'left' | 'right';

/** A title and aligned columns under a heading each; numbers read best at the right. */
export function grid(
  title: string,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  align: readonly Align[] = [],
): string {
  const widths = heading.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        align[column] === 'right'
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  const lines = [pc.dim(line(heading)), ...rows.map(line)].map((text) => `  ${text}`);
  return `${[pc.bold(title), ...lines].join('\n')}\n`;
}

/** As registries count: 1 MB is 1,000,000 bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;
}

/** The same in the unit that shows a difference: `512 B`, `12.3 kB`, `1.2 MB`. */
export function byteSize(bytes: number): string {
  if (bytes < 1e3) return `${Math.round(bytes)} B`;
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : megabytes(bytes);
}

/** With its sign: `+12.3 kB`, `-512 B`, and `0 B` for none. */
export function byteGrowth(bytes: number): string {
  const sign = bytes === 0 ? '' : bytes > 0 ? '+' : '-';
  return `${sign}${byteSize(Math.abs(bytes))}`;
}
