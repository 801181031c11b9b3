import { median } from '../timed';
import { processTime } from '../ship/processor-time';
import { type Image, randomImage } from './images';
import { type Options } from './options';
import { type RegistryClient } from './registry-client';
import { type MeasuredRegistry } from './servers';

/** In seconds. */
export interface Sample {
  readonly wall: number;
  /** Processor time of the registry. */
  readonly cpu: number;
}

/** A kind of load: its samples of each registry, in the order of the registries. */
export interface Row {
  readonly name: string;
  /** How many images the repository had before. */
  readonly repository: number;
  readonly samples: readonly (readonly Sample[])[];
}

interface Load {
  readonly name: string;
  /** Parts of images, one for each client. */
  readonly images: readonly (readonly Image[])[];
}

const smallLayerBytes = 1_000;

/**
 * Pushes and pulls new images, at one registry after the other in each round. Each round starts with another one, so
 * that neither always finds the disk as the other left it.
 */
export async function measureRows(
  registries: readonly MeasuredRegistry[],
  repository: { readonly name: string; readonly images: number },
  options: Options,
  log: (message: string) => void,
): Promise<Row[]> {
  const samples = new Map<string, Sample[][]>();
  // The first round only warms up.
  for (let round = 0; round <= options.rounds; round += 1) {
    log(`${repository.name}: round ${round} of ${options.rounds}`);
    const loads = loadsOf(options);
    for (const order of registries.keys()) {
      const nth = (order + round) % registries.length;
      const registry = registries[nth];
      if (!registry) continue;
      for (const load of loads) {
        for (const [name, sample] of await measure(registry, repository.name, load, round)) {
          if (round === 0) continue;
          const of = samples.get(name) ?? registries.map(() => []);
          of[nth]?.push(sample);
          samples.set(name, of);
        }
      }
    }
  }
  return [...samples].map(([name, of]) => ({ name, repository: repository.images, samples: of }));
}

function loadsOf({ megabytes, images, clients }: Options): Load[] {
  const small = (count: number) =>
    Array.from({ length: count }, () => randomImage(smallLayerBytes));
  const parts = Array.from({ length: clients }, () => small(Math.ceil(images / clients)));
  return [
    { name: `${megabytes} MB`, images: [[randomImage(megabytes * 1_000_000)]] },
    { name: `${images} small images`, images: [small(images)] },
    { name: `${clients} clients`, images: parts },
  ];
}

async function measure(
  registry: MeasuredRegistry,
  repository: string,
  { name, images }: Load,
  round: number,
): Promise<[string, Sample][]> {
  const clients = images.map((part, nth) => ({ client: registry.connect(), part, nth }));
  const tag = (nth: number, image: number) => `r${round}-c${nth}-${images.length}-${image}`;
  const all = (work: (client: RegistryClient, tag: string, image: Image) => Promise<void>) =>
    Promise.all(
      clients.map(async ({ client, part, nth }) => {
        for (const [n, image] of part.entries()) await work(client, tag(nth, n), image);
      }),
    );
  const push = await timed(registry, () =>
    all((client, each, image) => client.push(repository, each, image)),
  );
  const pull = await timed(registry, () =>
    all((client, each, image) => client.pull(repository, each, image)),
  );
  // Not measured: every byte is the one that was pushed.
  if (round === 0) await all((client, each, image) => client.pull(repository, each, image, true));
  for (const { client } of clients) client.close();
  return [
    [`push ${name}`, push],
    [`pull ${name}`, pull],
  ];
}

async function timed({ pid }: MeasuredRegistry, work: () => Promise<unknown>): Promise<Sample> {
  const cpuBefore = await processTime(pid);
  const start = performance.now();
  await work();
  const wall = (performance.now() - start) / 1_000;
  return { wall, cpu: (await processTime(pid)) - cpuBefore };
}

export const medianOf = (samples: readonly Sample[], figure: keyof Sample): number =>
  median(samples.map((sample) => sample[figure]));
