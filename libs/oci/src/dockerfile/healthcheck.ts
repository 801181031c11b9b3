import { type Healthcheck } from '../manifest';
import { type DockerfileLocation, invalid } from './dockerfile-error';
import { execFormOf, type Instruction } from './instruction';
import { readFlags } from './words';

const NANOSECONDS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};
const AMOUNT = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g;

/** The nanoseconds of a Go duration (`1m30s`, `500ms`); undefined if it is not valid. */
function parseDuration(text: string): number | undefined {
  if (/^\+?0$/.test(text)) return 0;
  const amounts = [...text.matchAll(AMOUNT)];
  const whole = amounts.map(([amount]) => amount).join('');
  if (whole === '' || text.replace(/^\+/, '') !== whole) return undefined;
  const total = amounts.reduce(
    (sum, [, number = '', unit = '']) => sum + Number(number) * (NANOSECONDS[unit] ?? 0),
    0,
  );
  return Math.trunc(total);
}

const FIELDS = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
  'start-interval': 'StartInterval',
} as const;
const KINDS = {
  interval: 'text',
  timeout: 'text',
  'start-period': 'text',
  'start-interval': 'text',
  retries: 'text',
} as const;

/** https://docs.docker.com/reference/dockerfile/#healthcheck */
export function readHealthcheck(instruction: Instruction): Healthcheck {
  const { at, text } = instruction;
  const [, kind = '', command = ''] = /^(\S*)\s*([^]*)$/.exec(text) ?? [];
  if (kind.toUpperCase() === 'NONE' && command === '') return { Test: ['NONE'] };
  const exec = execFormOf({ at, text: command });
  if (kind.toUpperCase() !== 'CMD' || command === '' || exec?.length === 0) {
    throw invalid(at, 'expected "HEALTHCHECK CMD command" or "HEALTHCHECK NONE".');
  }
  const flags = readFlags(instruction, KINDS);
  const durations = Object.entries(FIELDS).flatMap(([name, field]) =>
    (flags.get(name) ?? []).map((value) => [field, readDuration(at, name, value)]),
  );
  return {
    Test: exec ? ['CMD', ...exec] : ['CMD-SHELL', command],
    ...(Object.fromEntries(durations) as Partial<Healthcheck>),
    ...readRetries(at, flags.get('retries')?.[0]),
  };
}

function readDuration(at: DockerfileLocation, name: string, text: string): number {
  const nanoseconds = text === '' ? 0 : parseDuration(text);
  if (nanoseconds === undefined) {
    throw invalid(at, `invalid duration --${name}=${text}. Expected, for example, 10s or 1m30s.`);
  }
  if (nanoseconds > 0 && nanoseconds < 1e6) {
    throw invalid(at, `invalid duration --${name}=${text}. Expected 1ms or more.`);
  }
  return nanoseconds;
}

/** Without retries, or with 0, engines use their default. */
function readRetries(at: DockerfileLocation, text = ''): Partial<Healthcheck> {
  if (text === '') return {};
  if (!/^\+?\d{1,9}$/.test(text)) {
    throw invalid(at, `invalid number --retries=${text}. Expected 0 or more.`);
  }
  return { Retries: Number(text) };
}
