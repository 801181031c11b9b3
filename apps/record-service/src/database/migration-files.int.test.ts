import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checksumOf, readMigrations } from './migration-files';

describe('migration files', () => {
  let folder: string;
  const add = async (name: string, sql: string) => {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'migrations-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are read in order of name, and files beside them are not', async () => {
    await add('20261122_second', 'SELECT 2;');
    await add('20261121_first', 'SELECT 1;');
    await writeFile(join(folder, 'migration_lock.toml'), 'provider = "postgresql"');
    expect((await readMigrations(folder)).map(({ name }) => name)).toEqual([
      '20261121_first',
      '20261122_second',
    ]);
  });

  it('have the same checksum with the line ends of Windows', async () => {
    await add('1_unix', 'SELECT 1;\nSELECT 2;\n');
    await add('2_windows', 'SELECT 1;\r\nSELECT 2;\r\n');
    const [unix, windows] = await readMigrations(folder);
    expect(windows?.checksum).toBe(unix?.checksum);
  });

  it('have sha256 as their checksum, as Prisma has', () => {
    expect(checksumOf('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('are missed by name when a folder has none', async () => {
    await mkdir(join(folder, '1_empty'));
    await expect(readMigrations(folder)).rejects.toThrow(join('1_empty', 'migration.sql'));
  });
});
