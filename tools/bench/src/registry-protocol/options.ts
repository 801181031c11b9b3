import { parseArgs } from 'node:util';
import { BenchError } from '../ship/bench-error';

export interface Options {
  /** How many times each row is measured. */
  readonly rounds: number;
  /** The size of the large layer. */
  readonly megabytes: number;
  /** How many small images are pushed, then pulled, one after another. */
  readonly images: number;
  /** How many clients share the same number of small images. */
  readonly clients: number;
  /** How many images the large repository has before. */
  readonly repository: number;
  /** How many images the previewed repository has; 0 leaves the preview out. */
  readonly preview: number;
}

const defaults: Options = {
  rounds: 5,
  megabytes: 100,
  images: 300,
  clients: 8,
  repository: 10_000,
  preview: 100_000,
};
const names = Object.keys(defaults) as (keyof Options)[];

export const help = `Usage: nx run bench:registry-protocol [options]

Measures pushes and pulls at ecr-local and at docker-registry (Debian: docker-registry), in turns.

  --rounds      how many times each row is measured; default: ${defaults.rounds}
  --megabytes   size of the large layer; default: ${defaults.megabytes}
  --images      number of small images of a row; default: ${defaults.images}
  --clients     number of clients that push and pull in parallel; default: ${defaults.clients}
  --repository  number of images that the large repository has before; default: ${defaults.repository}
  --preview     number of images of the lifecycle preview, 0 for none; default: ${defaults.preview}
  --help        print this
`;

/**
 * @returns 'help' if only the help is requested
 * @throws BenchError `OPTIONS_INVALID`
 */
export function parseOptions(args: readonly string[]): Options | 'help' {
  const { help: isHelp, ...values } = parse(args);
  if (isHelp === true) return 'help';
  const options: { -readonly [name in keyof Options]: number } = { ...defaults };
  for (const name of names) {
    const text = values[name];
    if (text === undefined) continue;
    const number = Number(text);
    const min = name === 'preview' ? 0 : 1;
    if (text === '' || !Number.isInteger(number) || number < min) {
      throw invalid(`Invalid --${name} "${text}". Expected an integer of ${min} or more.`);
    }
    options[name] = number;
  }
  return options;
}

function parse(args: readonly string[]) {
  try {
    const numbers = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
    const options = { ...numbers, help: { type: 'boolean' as const } };
    return parseArgs({ args: [...args], options }).values as Partial<
      Record<keyof Options, string>
    > & { help?: boolean };
  } catch (cause) {
    throw invalid(`${(cause as Error).message}\n\n${help}`, { cause });
  }
}

const invalid = (message: string, options?: ErrorOptions) =>
  new BenchError('OPTIONS_INVALID', message, options);
