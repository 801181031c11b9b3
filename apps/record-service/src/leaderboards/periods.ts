import { type Period, type Timestamp } from '@typerush/contracts';

/** A day or a week of UTC, or all time. */
export interface PeriodStart {
  readonly period: Period;
  /** Its first day: `2026-11-23`. */
  readonly startsOn: string;
}

const dayMs = 86_400_000;
/** What the database has in place of a first day for all time. */
const beginning = '1970-01-01';

/** The period that a date or a time is in. A week begins on Monday. */
export function periodOf(period: Period, at: Timestamp | Date): PeriodStart {
  if (period === 'all') return { period, startsOn: beginning };
  const date = new Date(at);
  const daysSinceMonday = period === 'week' ? (date.getUTCDay() + 6) % 7 : 0;
  const first = new Date(date.getTime() - daysSinceMonday * dayMs);
  return { period, startsOn: first.toISOString().slice(0, 10) };
}
