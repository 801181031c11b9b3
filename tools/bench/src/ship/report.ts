import { median } from '../timed';
import { type Growth } from './growth/measure-growth';
import { type Measured } from './measure';
import { type Figures, type Phase, phases } from './phases';
import { besideName, nxStartName } from './ways/way';

/** The median of each figure over the rounds. */
export function summarize(rounds: readonly Measured[]): Omit<Measured, 'steps'> {
  const of = (figure: (round: Measured) => number) => median(rounds.map(figure));
  return {
    wall: of(({ wall }) => wall),
    cpu: of(({ cpu }) => cpu),
    dockerCpu: rounds.some(({ dockerCpu }) => dockerCpu === null)
      ? null
      : of(({ dockerCpu }) => dockerCpu ?? NaN),
    sent: of(({ sent }) => sent),
  };
}

interface Ratio {
  readonly way: string;
  readonly phase: Phase;
  /** Of each round: its wall clock, divided by that of the same round in the checkout beside. */
  readonly wall: readonly number[];
  /** The same of the processor's time. */
  readonly cpu: readonly number[];
}

/** Compares each way with the same one in the checkout beside, round by round. */
export function ratios(figures: readonly Figures[]): Ratio[] {
  return figures.flatMap(({ way, phases: own }) => {
    const other = figures.find((each) => each.way === besideName(way));
    if (!other) return [];
    return phases.map((phase) => {
      const of = (figure: (round: Measured) => number) =>
        own[phase].map((round, n) => {
          const beside = other.phases[phase][n];
          return beside ? figure(round) / figure(beside) : NaN;
        });
      return { way, phase, wall: of(({ wall }) => wall), cpu: of(({ cpu }) => cpu) };
    });
  });
}

interface Excess {
  readonly way: string;
  readonly phase: Phase;
  /** The medians of the rounds' differences from the start of Nx in the same round, in seconds. */
  readonly wall: number;
  readonly cpu: number;
}

/** What each way of ours takes beyond the start of Nx; empty if that was not measured. */
export function beyondNxStart(figures: readonly Figures[]): Excess[] {
  const start = figures.find(({ way }) => way === nxStartName);
  if (!start) return [];
  const ours = figures.filter(({ way }) => way.startsWith('ours'));
  return ours.flatMap(({ way, phases: own }) =>
    phases.map((phase) => {
      const of = (figure: (round: Measured) => number) =>
        median(
          own[phase].map((round, n) => {
            const same = start.phases[phase][n];
            return same ? figure(round) - figure(same) : NaN;
          }),
        );
      return { way, phase, wall: of(({ wall }) => wall), cpu: of(({ cpu }) => cpu) };
    }),
  );
}

/** A table for each phase, those of growth, and comparisons with the checkout beside and with the start of Nx. */
export function describe(figures: readonly Figures[], growth: readonly Growth[]): string {
  const ofPhases = phases.map((phase) =>
    figures.map((each) => [each.way, ...cells(each.phases[phase])]),
  );
  const named = growth.map((each) => [`${each.services}: ${each.way}`, each] as const);
  const tables = [
    ...phases.map((phase, n) => [[phase, ...figureNames], ...(ofPhases[n] ?? [])]),
    [
      ['one of N changed', ...figureNames],
      ...named.map(([name, { change }]) => [name, ...cells(change)]),
    ],
    [
      ['none of N changed', ...figureNames],
      ...named.map(([name, { none }]) => [name, ...cells(none)]),
    ],
    [
      ['times that of beside', 'wall', 'CPU', 'wall of each round'],
      ...ratios(figures).map(({ way, phase, wall, cpu }) => [
        `${phase}: ${way}`,
        median(wall).toFixed(2),
        median(cpu).toFixed(2),
        wall.map((ratio) => ratio.toFixed(2)).join(' '),
      ]),
    ],
    [
      ["beyond Nx's start", 'wall', 'CPU', ''],
      ...beyondNxStart(figures).map(({ way, phase, wall, cpu }) => [
        `${phase}: ${way}`,
        seconds(wall),
        seconds(cpu),
        '',
      ]),
    ],
  ];
  return tables
    .filter((rows) => rows.length > 1)
    .map((rows) => `${table(rows)}\n`)
    .join('');
}

const figureNames = ['wall', 'CPU', 'dockerd', 'sent', 'of the wall'];

function cells(rounds: readonly Measured[]): string[] {
  const { wall, cpu, dockerCpu, sent } = summarize(rounds);
  return [seconds(wall), seconds(cpu), seconds(dockerCpu), bytes(sent), steps(rounds)];
}

/** The median time of each command, if there are several. */
function steps(rounds: readonly Measured[]): string {
  const [first] = rounds;
  if (!first || first.steps.length < 2) return '';
  return first.steps
    .map(({ label }, n) => {
      const times = rounds.map((round) => round.steps[n]?.seconds ?? NaN);
      return `${label} ${median(times).toFixed(1)}`;
    })
    .join(', ');
}

const seconds = (value: number | null) => (value === null ? '-' : `${value.toFixed(2)} s`);

function bytes(value: number): string {
  if (value < 1e4) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return `${(value / 1e6).toFixed(1)} MB`;
}

/** Aligns the first and the last column left, all others right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, n) =>
          n === 0 || n === row.length - 1
            ? cell.padEnd(widths[n] ?? 0)
            : cell.padStart(widths[n] ?? 0),
        )
        .join('  '),
    )
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
