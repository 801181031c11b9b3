import { medianOf, type Row } from './rows';

/** The first registry of a row divided by the second one, by the medians. */
export interface Ratio {
  readonly row: string;
  readonly repository: number;
  readonly wall: number;
  readonly cpu: number;
}

export function ratios(rows: readonly Row[]): Ratio[] {
  return rows.map(({ name, repository, samples: [own = [], peer = []] }) => {
    const of = (figure: 'wall' | 'cpu') => round(medianOf(own, figure) / medianOf(peer, figure));
    return { row: name, repository, wall: of('wall'), cpu: of('cpu') };
  });
}

/** Medians in seconds, and the ratios. */
export function table(rows: readonly Row[], names: readonly string[]): string {
  const figures = ratios(rows).map(({ row, repository, wall, cpu }, n) => [
    row,
    String(repository),
    ...(rows[n]?.samples ?? []).flatMap((samples) => [
      seconds(medianOf(samples, 'wall')),
      seconds(medianOf(samples, 'cpu')),
    ]),
    wall.toFixed(2),
    cpu.toFixed(2),
  ]);
  const title = [
    'load',
    'images before',
    ...names.flatMap((name) => [name, 'CPU']),
    'ratio',
    'CPU',
  ];
  return lines([title, ...figures]);
}

/** Resident memory in bytes, by the moment of its measurement. */
export type Memory = Readonly<Record<string, readonly number[]>>;

export function memoryTable(memory: Memory, names: readonly string[]): string {
  const rows = Object.entries(memory).map(([moment, bytes]) => [
    moment,
    ...bytes.map((each) => `${Math.round(each / 1e6)} MB`),
  ]);
  return lines([['resident memory', ...names], ...rows]);
}

const seconds = (value: number) => `${value.toFixed(3)} s`;
const round = (value: number) => Math.round(value * 100) / 100;

const lines = (table: readonly (readonly string[])[]): string =>
  table
    .map((cells) => {
      const padded = cells.map((cell, nth) => (nth === 0 ? cell.padEnd(24) : cell.padStart(17)));
      return `${padded.join('')}\n`;
    })
    .join('');
