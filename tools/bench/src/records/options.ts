import { parseArgs } from 'node:util';
import { BenchError } from '../ship/bench-error';

export interface Options {
  readonly matches: number;
  readonly players: number;
  /** How long each kind of request is measured at each server, at the rate and again as fast as possible. */
  readonly seconds: number;
  /** Requests a second. */
  readonly rate: number;
  /** Requests at the same time when throughput is measured. */
  readonly connections: number;
}

const defaults: Options = {
  matches: 1_000_000,
  players: 100_000,
  seconds: 10,
  rate: 200,
  connections: 16,
};
const names = Object.keys(defaults) as (keyof Options)[];

/** @throws BenchError `OPTIONS_INVALID` */
export function parseOptions(args: readonly string[]): Options {
  const values = parse(args);
  const options = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const number = Number(text);
    if (!Number.isInteger(number) || number < 1) {
      throw invalid(`Invalid --${name} "${text}". Expected an integer of 1 or more.`);
    }
    options[name] = number;
  }
  if (options.players < 2) throw invalid('Invalid --players "1". A race needs two.');
  return options;
}

function parse(args: readonly string[]): Partial<Record<string, string>> {
  try {
    const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    return parseArgs({ args: [...args], options }).values as Partial<Record<string, string>>;
  } catch (cause) {
    const list = names.map((name) => `--${name}=${defaults[name]}`).join(', ');
    throw invalid(`${(cause as Error).message}. Options: ${list}.`, { cause });
  }
}

const invalid = (message: string, options?: ErrorOptions) =>
  new BenchError('OPTIONS_INVALID', message, options);
