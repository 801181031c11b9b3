/** How many repositories are asked about at once: ECR throttles an account that asks for more. */
const limit = 8;

/** Maps `items` in order, a few at once; the first error ends it. */
export async function inBatches<T, R>(
  items: readonly T[],
  map: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < items.length; from += limit) {
    results.push(...(await Promise.all(items.slice(from, from + limit).map(map))));
  }
  return results;
}
