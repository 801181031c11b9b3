import { parseArgs } from 'node:util';
import { BenchError } from '../ship/bench-error';

export interface Options {
  /** How many play at the same time; each number is measured. */
  readonly players: readonly number[];
  /** How long is measured, in seconds. */
  readonly seconds: number;
  /** How many times all is measured. */
  readonly rounds: number;
  /** Parts of the names of ways; all if empty. */
  readonly ways: readonly string[];
}

/** The shortest text, 100 words, lasts longer at eight keys a second: nobody finishes while it is measured. */
const LONGEST_SECONDS = 40;

/** @throws BenchError `OPTIONS_INVALID` */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const players = (values.players ?? '1000,2000').split(',').map((text) => count('players', text));
  const odd = players.find((number) => number % 4 !== 0);
  if (odd !== undefined) {
    throw invalid(`Invalid --players "${odd}". Expected multiples of 4: a room has four players.`);
  }
  const seconds = count('seconds', values.seconds ?? '20');
  if (seconds > LONGEST_SECONDS) {
    throw invalid(`Invalid --seconds "${seconds}". Expected at most ${LONGEST_SECONDS}.`);
  }
  return {
    players,
    seconds,
    rounds: count('rounds', values.rounds ?? '1'),
    ways: values.ways?.split(',').filter(Boolean) ?? [],
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        players: { type: 'string' },
        seconds: { type: 'string' },
        rounds: { type: 'string' },
        ways: { type: 'string' },
      },
    });
  } catch (cause) {
    const { message } = cause as Error;
    throw invalid(
      `${message} Options: --players=1000,2000, --seconds=20, --rounds=1, --ways=<parts of names>.`,
      cause,
    );
  }
}

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw invalid(`Invalid --${name} "${text}". Expected integers of 1 or more.`);
}

function invalid(message: string, cause?: unknown): BenchError {
  return new BenchError('OPTIONS_INVALID', message, { cause });
}
