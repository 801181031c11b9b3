import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PopularPackages, type Program, popularPrograms } from '../test/popular-packages';
import { type Bundle } from './bundle';

/** Their addons for musl are in the image; this machine may have another C library. */
const prebuilt: readonly string[] = ['argon2', 'bcrypt', 'sharp'];
const notPrebuilt: readonly string[] = ['better-sqlite3'];

interface Row {
  readonly plain?: string;
  readonly bundled?: string;
  readonly start?: string;
  readonly bundle?: Bundle;
}

describe('a popular package that is awkward to bundle', () => {
  let packages: PopularPackages;
  const rows = new Map<Program, Row>(popularPrograms.map((program) => [program, {}]));

  beforeAll(async () => {
    packages = await PopularPackages.install();
  }, 600_000);
  afterAll(async () => {
    const text = table(rows);
    const folder = path.join(__dirname, '../../../test-results');
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'popular-packages.md'), text);
    process.stdout.write(`\n${text}\n`);
  });

  const bundleOf = async (program: Program) => {
    const bundle = await packages.bundle(program);
    rows.set(program, { ...rows.get(program), bundle, bundled: 'not run here' });
    return bundle;
  };
  const named = (names: readonly string[]) =>
    popularPrograms.filter(({ name }) => names.includes(name));
  const runnable = popularPrograms.filter(
    ({ name }) => !prebuilt.includes(name) && !notPrebuilt.includes(name),
  );

  it.each(runnable)(
    'runs as with plain Node: $name ($feature)',
    async (program) => {
      await bundleOf(program);
      const plain = await packages.runPlain(program);
      rows.set(program, { ...rows.get(program), plain: 'runs', bundled: 'fails' });
      const bundled = await packages.runBundle(program);
      const isSame = plain.output === bundled.output;
      rows.set(program, {
        ...rows.get(program),
        bundled: isSame ? 'runs' : 'differs',
        start: [plain, bundled].map(({ milliseconds }) => Math.round(milliseconds)).join(' | '),
      });
      expect(plain.output).not.toBe('');
      expect(bundled.output).toBe(plain.output);
    },
    240_000,
  );

  it.each(named(prebuilt))(
    'has its addon for Linux with musl, and for no other platform: $name',
    async (program) => {
      const { outputs } = await bundleOf(program);
      const addons = outputs.map(({ file }) => file).filter((file) => file.endsWith('.node'));
      expect(addons).not.toEqual([]);
      for (const addon of addons) expect(addon).toMatch(/linux.*musl/);
    },
  );

  it.each(named(notPrebuilt))('is refused by its name: $name', async (program) => {
    rows.set(program, { bundled: 'refused' });
    await expect(packages.bundle(program)).rejects.toMatchObject({
      code: 'NATIVE_ADDON',
      message: expect.stringContaining(`Cannot put ${program.name} into an image`),
    });
  });
});

function table(rows: ReadonlyMap<Program, Row>): string {
  const lines = [...rows].map(([{ name, feature }, { plain, bundled, start, bundle }]) => {
    const shipped = bundle?.packages.filter(({ asFiles }) => asFiles) ?? [];
    const asFiles = shipped.length > 0 ? `${shipped.length} of ${bundle?.packages.length}` : 'no';
    const bytes = bundle?.outputs
      .filter(({ file }) => file.startsWith('dependencies/'))
      .reduce((sum, output) => sum + output.bytes, 0);
    const kilobytes = bytes === undefined ? '-' : String(Math.ceil(bytes / 1000));
    return [name, feature, plain ?? '-', bundled ?? '-', asFiles, kilobytes, start ?? '- | -'];
  });
  return [
    'package | feature | plain Node | bundled | packages shipped as files | kB | plain: ms | bundled: ms',
    '- | - | - | - | - | - | - | -',
    ...lines.map((line) => line.join(' | ')),
  ]
    .map((line) => `| ${line} |\n`)
    .join('');
}
