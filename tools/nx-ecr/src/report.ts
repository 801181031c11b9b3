import pc from 'picocolors';

/** One result, for machines (`--json`, one line) and for people. */
export interface Report {
  readonly data: unknown;
  readonly text: string;
}

/** A title and rows of a name and what it is, aligned. */
export function table(title: string, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(([name, value]) => `  ${pc.dim(name.padEnd(width))}  ${value}`);
  return `${[pc.bold(title), ...lines].join('\n')}\n`;
}

/** As registries count: 1 MB is 1,000,000 bytes. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e6 ? 3 : 1)} MB`;
}
