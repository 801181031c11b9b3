import { median } from '../timed';
import { type LoadResult } from './load';

export interface Row {
  readonly way: string;
  readonly players: number;
  /** One for each round. */
  readonly results: readonly LoadResult[];
}

/** Above it, a generator measures itself. In percent of its core. */
const BUSIEST_GENERATOR = 85;

/**
 * What a room of four gets at 10 Hz: in a fifth of the intervals nobody's batch comes. A server that sends fewer ticks has
 * waited for its core, and has done less than the others.
 */
const FEWEST_TICKS = 7;

/** Why a row does not count; empty if it does. */
export function faultsOf({ results }: Row): string[] {
  const has = (test: (result: LoadResult) => boolean) => results.some(test);
  return [
    ...(has(({ generatorCpu }) => generatorCpu > BUSIEST_GENERATOR) ? ['generator too busy'] : []),
    ...(has(({ ticksPerSecond: ticks, wrong }) => wrong !== null && ticks < FEWEST_TICKS)
      ? ['server starved']
      : []),
    ...(has(({ refused }) => refused > 0) ? ['batches refused'] : []),
    ...(has(({ unanswered }) => unanswered > 0) ? ['server saturated'] : []),
    ...(has(({ wrong }) => wrong !== null && wrong > 0) ? ['wrong results'] : []),
  ];
}

/** A table with the medians of the rounds. */
export function describe(rows: readonly Row[]): string {
  const lines = [
    [
      'way',
      'players',
      'CPU',
      'x ours',
      'generator',
      'B sent',
      'B received',
      'delay p50/p99',
      'late p99',
      'ticks',
      'kB each',
      'wrong',
      '',
    ],
    ...rows.map((row) => {
      const of = (figure: (result: LoadResult) => number) => median(row.results.map(figure));
      const cpu = of(({ serverCpu }) => serverCpu);
      const ours = rows.find(({ way, players }) => way === 'ours' && players === row.players);
      const ofOurs = ours ? median(ours.results.map(({ serverCpu }) => serverCpu)) : NaN;
      const wrong = row.results.map((result) => result.wrong);
      return [
        row.way,
        String(row.players),
        `${cpu.toFixed(1)} %`,
        (cpu / ofOurs).toFixed(2),
        `${of(({ generatorCpu }) => generatorCpu).toFixed(0)} %`,
        of(({ bytesSent }) => bytesSent).toFixed(0),
        of(({ bytesReceived }) => bytesReceived).toFixed(0),
        `${of(({ delay }) => delay.p50).toFixed(1)}/${of(({ delay }) => delay.p99).toFixed(1)} ms`,
        `${of(({ lateness }) => lateness.p99).toFixed(1)} ms`,
        of(({ ticksPerSecond }) => ticksPerSecond).toFixed(1),
        (of(({ memory }) => memory) / 1_000).toFixed(0),
        wrong.includes(null) ? '-' : String(Math.max(...wrong.map(Number))),
        faultsOf(row).join(', '),
      ];
    }),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((cell, n) =>
          n === 0 || n === line.length - 1
            ? cell.padEnd(widths[n] ?? 0)
            : cell.padStart(widths[n] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
