import path from 'node:path';
import { parseArgs } from 'node:util';
import { BenchError } from './bench-error';

export interface Options {
  /** How many times each phase is measured. */
  readonly rounds: number;
  /** Numbers of services in the generated workspaces. */
  readonly growth: readonly number[];
  /** The same for Nx's Docker plugin. */
  readonly peerGrowth: readonly number[];
  /** Parts of the names of the ways to measure; all if empty. */
  readonly ways: readonly string[];
  /** The folder of another checkout of this repository, with its packages installed, to measure beside this one. */
  readonly beside?: string;
}

/** @throws BenchError `OPTIONS_INVALID` */
export function parseOptions(args: readonly string[]): Options {
  const { values } = parse(args);
  const quick = values.quick ?? false;
  return {
    rounds: count('rounds', values.rounds ?? (quick ? '1' : '5')),
    growth: counts('growth', values.growth ?? (quick ? '3' : '10,50,200')),
    peerGrowth: counts('peer-growth', values['peer-growth'] ?? (quick ? '' : '10')),
    ways: values.ways?.split(',').filter(Boolean) ?? [],
    ...(values.beside && { beside: path.resolve(values.beside) }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        rounds: { type: 'string' },
        growth: { type: 'string' },
        'peer-growth': { type: 'string' },
        ways: { type: 'string' },
        beside: { type: 'string' },
      },
    });
  } catch (cause) {
    const { message } = cause as Error;
    throw new BenchError(
      'OPTIONS_INVALID',
      `${message} Options: --quick, --rounds=5, --growth=10,50,200, --peer-growth=10, --ways=<parts of names>, --beside=<folder of another checkout>.`,
      { cause },
    );
  }
}

const counts = (name: string, text: string) =>
  text
    .split(',')
    .filter((part) => part !== '')
    .map((part) => count(name, part));

function count(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new BenchError(
    'OPTIONS_INVALID',
    `Invalid --${name} "${text}". Expected integers of 1 or more.`,
  );
}
