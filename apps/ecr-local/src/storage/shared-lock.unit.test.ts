import { createSharedLock } from './shared-lock';

/** Tasks that end when they are told to, and what has begun and ended. */
function tasks() {
  const log: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string) => () => {
    log.push(`+${name}`);
    return new Promise<void>((resolve) => ends.set(name, resolve)).then(() => {
      log.push(`-${name}`);
    });
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { log, task, end };
}

describe('a shared lock', () => {
  it('lets tasks that share a key run together, and one alone after them and before later ones', async () => {
    const { log, task, end } = tasks();
    const lock = createSharedLock();
    const all = [
      lock.shared('a', task('one')),
      lock.shared('a', task('two')),
      lock.alone('a', task('alone')),
      lock.shared('a', task('late')),
      lock.alone('a', task('last')),
    ];
    expect(log).toEqual(['+one', '+two']);
    await end('one');
    expect(log).toEqual(['+one', '+two', '-one']);
    await end('two');
    await end('alone');
    await end('late');
    await end('last');
    expect(log.slice(3)).toEqual(['-two', '+alone', '-alone', '+late', '-late', '+last', '-last']);
    await Promise.all(all);
  });

  it('keeps keys apart', async () => {
    const { log, task, end } = tasks();
    const lock = createSharedLock();
    const alone = lock.alone('a', task('alone'));
    await lock.shared('b', () => Promise.resolve());
    expect(log).toEqual(['+alone']);
    await end('alone');
    await alone;
  });

  it('goes on after a task that fails', async () => {
    const lock = createSharedLock();
    const fail = () => Promise.reject(new Error('failed'));
    await expect(lock.shared('a', fail)).rejects.toThrow('failed');
    await expect(lock.alone('a', fail)).rejects.toThrow('failed');
    await expect(lock.shared('a', () => Promise.resolve(1))).resolves.toBe(1);
  });
});
