import { z } from 'zod';
import { type Clock, systemClock } from '../clock';
import { type Duration, type StartOptions } from './running-ecr-local';

const schema = z.strictObject({
  port: z.int().min(0).max(65_535).default(0),
  data: z.string().min(1).optional(),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'expected a region such as ap-southeast-1')
    .default('ap-southeast-1'),
  account: z
    .string()
    .regex(/^\d{12}$/, 'expected twelve digits')
    .default('000000000000'),
  protocol: z.enum(['ecr', 'oci']).default('ecr'),
  roles: z.string().min(1).optional(),
  clock: z
    .union([z.date(), z.custom<() => Date>((value) => typeof value === 'function')], {
      error: 'expected a valid Date, or a function that returns one',
    })
    .optional(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('error'),
});

/** Options with their defaults. @throws TypeError that names each invalid one */
export function checkStartOptions(options: StartOptions) {
  const parsed = schema.safeParse(options);
  if (parsed.success) return { ...parsed.data, clock: clockFrom(parsed.data.clock) };
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new TypeError(`Cannot start ecr-local: an option is not valid.\n${problems.join('\n')}`);
}

/** A clock that starts at a date runs on from there. */
function clockFrom(clock: Date | Clock | undefined): Clock {
  if (clock === undefined) return systemClock;
  if (typeof clock === 'function') return clock;
  const offset = clock.getTime() - Date.now();
  return () => new Date(Date.now() + offset);
}

const units = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000 } as const;

const isUnit = (name: string): name is keyof typeof units => Object.hasOwn(units, name);

/** @throws TypeError for a unit that does not exist, RangeError for a value that is not a number of it */
export function millisecondsOf(duration: Duration): number {
  return Object.entries(duration).reduce((sum, [unit, value]: [string, unknown]) => {
    if (!isUnit(unit)) {
      throw new TypeError(
        `Cannot move the clock by ${unit}: expected ${Object.keys(units).join(', ')}.`,
      );
    }
    if (typeof value !== 'number' || !(value >= 0)) {
      throw new RangeError(
        `Cannot move the clock by ${String(value)} ${unit}: expected a number, 0 or more.`,
      );
    }
    return sum + value * units[unit];
  }, 0);
}
