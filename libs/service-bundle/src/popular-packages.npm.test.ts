import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import {
  PopularPackages,
  popularPrograms,
  type Program,
  type Trial,
} from '../test/popular-packages';

/** Their addons for musl are in the image; this machine may have another C library. */
const prebuilt: readonly string[] = ['argon2', 'bcrypt', 'sharp'];
const notPrebuilt: readonly string[] = ['better-sqlite3'];

describe('a popular package that is awkward to bundle', () => {
  let trials: ReadonlyMap<Program, Promise<Trial>>;
  const named = (names: readonly string[]) =>
    popularPrograms.filter(({ name }) => names.includes(name));
  const runnable = popularPrograms.filter(
    ({ name }) => !prebuilt.includes(name) && !notPrebuilt.includes(name),
  );

  beforeAll(async () => {
    const packages = await PopularPackages.install();
    trials = packages.tryAll((program) => runnable.includes(program));
  }, 600_000);
  afterAll(async () => {
    const rows = [...(trials ?? [])].map(([program, trial]) => rowOf(program, trial));
    const text = table(await Promise.all(rows));
    const folder = path.join(__dirname, '../../../test-results');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'popular-packages.md'), text);
    process.stdout.write(`\n${text}\n`);
  }, 600_000);

  it.each(runnable)(
    'runs as with plain Node: $name ($feature)',
    async (program) => {
      const { plain, bundled, failure } = (await trials.get(program)) ?? {};
      if (failure) throw failure;
      expect(plain?.output).toBeTruthy();
      expect(bundled?.output).toBe(plain?.output);
    },
    240_000,
  );

  it.each(named(prebuilt))(
    'has its addon for Linux with musl, and for no other platform: $name',
    async (program) => {
      const { bundle } = (await trials.get(program)) ?? {};
      const files = bundle?.outputs.map(({ file }) => file) ?? [];
      const addons = files.filter((file) => file.endsWith('.node'));
      expect(addons).not.toEqual([]);
      for (const addon of addons) expect(addon).toMatch(/linux.*musl/);
    },
    240_000,
  );

  it.each(named(notPrebuilt))(
    'is refused by its name: $name',
    async (program) => {
      await expect(trials.get(program)).rejects.toMatchObject({
        code: 'NATIVE_ADDON',
        message: expect.stringContaining(`Cannot put ${program.name} into an image`),
      });
    },
    240_000,
  );
});

async function rowOf(
  { name, feature }: Program,
  trial: Promise<Trial>,
): Promise<readonly string[]> {
  const { bundle, plain, bundled, failure } = await trial.catch((): Partial<Trial> => ({}));
  const outcome = bundled?.output === plain?.output ? 'runs' : 'differs';
  const shipped = bundle?.packages.filter(({ asFiles }) => asFiles) ?? [];
  const bytes = bundle?.outputs
    .filter(({ file }) => file.startsWith('dependencies/'))
    .reduce((sum, output) => sum + output.bytes, 0);
  return [
    name,
    feature,
    plain ? 'runs' : '-',
    failure ? 'fails' : bundled ? outcome : bundle ? 'not run here' : 'refused',
    shipped.length > 0 ? `${shipped.length} of ${bundle?.packages.length}` : 'no',
    bytes === undefined ? '-' : String(Math.ceil(bytes / 1000)),
    ...[plain, bundled].map((run) => (run ? String(Math.round(run.milliseconds)) : '-')),
  ];
}

function table(rows: readonly (readonly string[])[]): string {
  return [
    'package | feature | plain Node | bundled | packages shipped as files | kB | plain: ms | bundled: ms',
    '- | - | - | - | - | - | - | -',
    ...rows.map((row) => row.join(' | ')),
  ]
    .map((line) => `| ${line} |\n`)
    .join('');
}
