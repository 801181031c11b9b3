/**
 * Tasks that share a key run at the same time; one that has it alone waits for those that have begun, and those that come
 * after wait for it.
 */
export interface SharedLock {
  shared<T>(key: string, task: () => Promise<T>): Promise<T>;
  alone<T>(key: string, task: () => Promise<T>): Promise<T>;
}

interface Holders {
  readonly tasks: Set<Promise<unknown>>;
  /** Ends with the last task that has, or is to have, the key alone. */
  alone: Promise<unknown> | undefined;
}

export function createSharedLock(): SharedLock {
  const held = new Map<string, Holders>();
  const holdersOf = (key: string): Holders => {
    const holders = held.get(key) ?? { tasks: new Set(), alone: undefined };
    held.set(key, holders);
    return holders;
  };
  const forget = (key: string, { tasks, alone }: Holders) => {
    if (tasks.size === 0 && alone === undefined) held.delete(key);
  };
  const settled = (promise: Promise<unknown>) => promise.catch(() => undefined);
  return {
    shared: async (key, task) => {
      const holders = holdersOf(key);
      const running = holders.alone === undefined ? task() : holders.alone.then(task);
      const ended = settled(running);
      holders.tasks.add(ended);
      try {
        return await running;
      } finally {
        holders.tasks.delete(ended);
        forget(key, holders);
      }
    },
    alone: async (key, task) => {
      const holders = holdersOf(key);
      const before = [holders.alone, ...holders.tasks];
      const running = Promise.all(before).then(task);
      const ended = settled(running);
      holders.alone = ended;
      try {
        return await running;
      } finally {
        if (holders.alone === ended) holders.alone = undefined;
        forget(key, holders);
      }
    },
  };
}
