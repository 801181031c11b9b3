import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendToFile } from './append-to-file';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'append-'));
  file = join(folder, 'upload');
  await writeFile(file, 'start ');
});
afterEach(() => rm(folder, { recursive: true }));

/** The bytes in chunks of all sizes, of one byte and of more than a write too. */
function* inChunks(bytes: Buffer) {
  const sizes = [1, 64 * 1024, 0, 3_000_000, 7, 65_536, 1_048_576];
  let nth = 0;
  for (let at = 0; at < bytes.length; nth += 1) {
    const size = sizes[nth % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const append = async (source: Iterable<Uint8Array>, into = file) => {
  const written: Uint8Array[] = [];
  const outcome = await appendToFile(into, source, (chunk) => written.push(chunk)).then(
    () => 'appended',
    (error: Error) => error.message,
  );
  return { outcome, written: Buffer.concat(written) };
};

describe('appendToFile', () => {
  it('adds all chunks in their order, and reports each', async () => {
    const bytes = randomBytes(40_000_000);
    const { outcome, written } = await append(inChunks(bytes));
    expect(outcome).toBe('appended');
    expect(written.equals(bytes)).toBe(true);
    expect((await readFile(file)).equals(Buffer.concat([Buffer.from('start '), bytes]))).toBe(true);
  });

  it('adds thousands of single bytes', async () => {
    const bytes = randomBytes(5_000);
    await append([...bytes].map((byte) => Uint8Array.of(byte)));
    expect((await readFile(file)).subarray(6).equals(bytes)).toBe(true);
  });

  it('keeps and reports what arrived before the source failed', async () => {
    function* failing() {
      yield Buffer.from('one ');
      yield Buffer.from('two');
      throw new Error('connection lost');
    }
    const { outcome, written } = await append(failing());
    expect([outcome, String(written)]).toEqual(['connection lost', 'one two']);
    expect(await readFile(file, 'utf8')).toBe('start one two');
  });

  it('does not create a file, and does not open one for no bytes', async () => {
    const missing = join(folder, 'missing');
    expect((await append([Buffer.from('a')], missing)).outcome).toContain('ENOENT');
    expect((await append([Buffer.alloc(0)], missing)).outcome).toBe('appended');
    await expect(readFile(missing)).rejects.toThrow('ENOENT');
  });
});
