/** Whether some text matches both patterns, in which `*` is any run of characters. */
export function globsMeet(a: string, b: string): boolean {
  const seen = new Map<string, boolean>();
  const meet = (i: number, j: number): boolean => {
    const key = `${i},${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    seen.set(key, false);
    const result =
      i === a.length && j === b.length
        ? true
        : a[i] === '*'
          ? meet(i + 1, j) || (j < b.length && meet(i, j + 1))
          : b[j] === '*'
            ? meet(i, j + 1) || (i < a.length && meet(i + 1, j))
            : i < a.length && a[i] === b[j] && meet(i + 1, j + 1);
    seen.set(key, result);
    return result;
  };
  return meet(0, 0);
}

/** Whether all that `inner` matches, `outer` matches. Exact if `inner` has no `*` or ends with its only one. */
export function globCovers(outer: string, inner: string): boolean {
  const pattern = outer.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 's').test(inner);
}
