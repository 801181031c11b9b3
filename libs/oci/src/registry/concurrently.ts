/**
 * Runs `task` over `items`, at most `limit` at once. After an error nothing more is started, `stop` is called so that what
 * runs may end early, and the first error is thrown once nothing runs any more.
 */
export async function concurrently<T>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<void>,
  stop: () => void = () => undefined,
): Promise<void> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      await task(item).catch((error: unknown) => {
        failures.push(error);
        waiting.length = 0;
        stop();
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
