import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openFolderStorage } from '../storage/folder/folder-storage';
import { createRefusals } from './refusals';
import { openRepositoryStore } from './repository-store';

const script = join(__dirname, '..', 'test', 'change-images-forever.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ecr-local-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Has a process change images, and kills it after so many changes; answers the last that it acknowledged. */
async function changeAndKill(start: number, changes: number): Promise<number> {
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(start)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  let last = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    last = Number(line);
    if (last === start + changes) child.kill('SIGKILL');
  }
  await exited;
  return last;
}

describe('a process that is killed while it changes images and rewrites their log', () => {
  it('has every change that it acknowledged, and at most one more', async () => {
    let next = 0;
    for (const changes of [5, 700, 511, 300]) {
      const last = await changeAndKill(next, changes);
      expect(last).toBeGreaterThanOrEqual(next + changes);
      const fail = (error: unknown) => {
        throw error;
      };
      const storage = await openFolderStorage(folder, fail);
      const store = await openRepositoryStore({
        storage,
        refusals: createRefusals('000000000000'),
        clock: () => new Date(),
        onDelay: fail,
      });
      const { images } = store.get('team/app');
      const numbers = images.tags().map((tag) => Number(tag.slice(1)));
      const newest = Math.max(...numbers);
      expect([last, last + 1]).toContain(newest);
      expect(numbers.sort((a, b) => b - a)).toEqual([newest, newest - 1, newest - 2]);
      for (const n of numbers) expect(images.tagged(`t${n}`)?.digest).toBe(`sha256:${n % 3}`);
      await storage.close();
      next = newest + 1;
    }
  }, 120_000);
});
