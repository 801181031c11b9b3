import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { BenchError } from '../ship/bench-error';
import { residentBytes } from '../ship/processor-time';
import { randomImage, variantOf } from './images';
import { help, type Options, parseOptions } from './options';
import { measurePreview, type PreviewResult } from './preview';
import { type Memory, memoryTable, ratios, table } from './report';
import { measureRows } from './rows';
import { type Machine, type MeasuredRegistry, startDockerRegistry, startEcrLocal } from './servers';

const log = (message: string) => process.stderr.write(`${message}\n`);

/** How many images are there when memory is measured for the first time, beside those of the rounds. */
const fewImages = 100;

async function main(options: Options, machine: Machine): Promise<void> {
  const ecrLocal = await startEcrLocal(machine);
  const registries = [ecrLocal, await startDockerRegistry(machine)];
  const names = registries.map(({ name }) => name);
  const memory: Record<string, readonly number[]> = {};
  const measureMemory = async (moment: string) => {
    memory[moment] = await Promise.all(registries.map(({ pid }) => residentBytes(pid)));
  };
  const rows = [];
  for (const [name, images] of [
    ['bench/small', fewImages],
    ['bench/large', options.repository],
  ] as const) {
    for (const registry of registries) {
      log(`filling ${name} of ${registry.name} with ${images} images`);
      await registry.createRepository(name);
      await fill(registry, name, images, options.clients);
    }
    rows.push(...(await measureRows(registries, { name, images }, options, log)));
    await measureMemory(`after the loads with ${images} images before`);
  }
  for (const registry of registries) await registry.stop();
  const preview = options.preview > 0 ? await previewOf(options, machine) : undefined;
  print(options, { names, rows, memory, preview });
}

/** Pushes as many images of the same blobs: what is measured later is independent of how they came. */
async function fill(registry: MeasuredRegistry, name: string, images: number, clients: number) {
  const image = randomImage(1_000);
  const numbers = Array.from({ length: images }, (_, n) => n).values();
  const first = registry.connect();
  await first.push(name, 'blobs', image);
  first.close();
  const fillFrom = async () => {
    const client = registry.connect();
    for (const n of numbers) await client.pushManifest(name, `f${n}`, variantOf(image, n).manifest);
    client.close();
  };
  await Promise.all(Array.from({ length: clients }, fillFrom));
}

async function previewOf({ preview, clients }: Options, machine: Machine): Promise<PreviewResult> {
  const registry = await startEcrLocal(machine, 'ecr-local-of-preview');
  await registry.createRepository('bench/preview');
  log(`filling bench/preview with ${preview} images`);
  // The image that brings the blobs is one of them.
  await fill(registry, 'bench/preview', preview - 1, clients);
  const result = await measurePreview(registry, 'bench/preview', preview);
  await registry.stop();
  return result;
}

function print(
  options: Options,
  found: {
    readonly names: readonly string[];
    readonly rows: Awaited<ReturnType<typeof measureRows>>;
    readonly memory: Memory;
    readonly preview: PreviewResult | undefined;
  },
): void {
  const { names, rows, memory, preview } = found;
  process.stdout.write(`${table(rows, names)}\n${memoryTable(memory, names)}\n`);
  if (preview) {
    const { images, wall } = preview;
    process.stdout.write(`lifecycle preview of ${images} images: ${wall.toFixed(3)} s\n\n`);
  }
  const machine = `${cpus().length} x ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;
  const result = { machine, options, ratios: ratios(rows), rows, memory, preview };
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

async function run(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') return void process.stdout.write(help);
  const folder = await mkdtemp(path.join(tmpdir(), 'bench-registry-protocol-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await main(options, { folder, searchPath: process.env['PATH'] ?? '' });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(1));
}
run().catch((error: unknown) => {
  log(error instanceof BenchError ? error.message : String((error as Error).stack ?? error));
  process.exit(1);
});
