import { type Healthcheck } from '../manifest';
import { invalid, unsupported } from './dockerfile-error';
import { execForm, type Instruction } from './instruction';

const NANOSECONDS: Readonly<Record<string, number>> = {
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
};

/** The nanoseconds of a Go duration (`1m30s`, `500ms`); undefined if it is not valid. */
function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h)/g)) {
    total += Number(number) * (NANOSECONDS[unit] ?? 0);
  }
  return Math.round(total);
}

const DURATION_FIELDS: Readonly<Record<string, 'Interval' | 'Timeout' | 'StartPeriod'>> = {
  interval: 'Interval',
  timeout: 'Timeout',
  'start-period': 'StartPeriod',
};

/** https://docs.docker.com/reference/dockerfile/#healthcheck */
export function readHealthcheck(instruction: Instruction): Healthcheck {
  const [kind = '', ...rest] = instruction.text.split(/\s+/);
  if (kind.toUpperCase() === 'NONE' && rest.length === 0) return { Test: ['NONE'] };
  const command = instruction.text.slice(kind.length).trim();
  if (kind.toUpperCase() !== 'CMD' || command === '') {
    throw invalid(instruction.at, 'expected "HEALTHCHECK CMD command" or "HEALTHCHECK NONE".');
  }
  const exec = execForm(command);
  const test = exec ? ['CMD', ...exec] : ['CMD-SHELL', command];
  return {
    Test: test,
    ...Object.fromEntries(instruction.flags.map((flag) => readFlag(instruction, flag))),
  };
}

function readFlag(
  instruction: Instruction,
  { name, value }: { name: string; value: string },
): [string, number] {
  const field = DURATION_FIELDS[name];
  if (field) {
    const nanoseconds = parseDuration(value);
    if (nanoseconds === undefined) {
      throw invalid(
        instruction.at,
        `invalid duration --${name}=${value}. Expected, for example, 10s or 1m30s.`,
      );
    }
    return [field, nanoseconds];
  }
  if (name !== 'retries') throw unsupported(instruction.at, `it has the flag --${name}`);
  if (!/^[1-9]\d*$/.test(value)) {
    throw invalid(instruction.at, `invalid number --retries=${value}. Expected 1 or more.`);
  }
  return ['Retries', Number(value)];
}
