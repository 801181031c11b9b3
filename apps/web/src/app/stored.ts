/** A value in the browser's storage, which may be full, switched off, or hold what another version wrote. */
export interface Stored<T> {
  read(): T | undefined;
  write(value: T | undefined): void;
}

/** @param storage looked up at each use: the browser may refuse it @param accept what counts as a value */
export function stored<T>(
  storage: () => Storage,
  key: string,
  accept: (value: unknown) => value is T,
): Stored<T> {
  return {
    read() {
      try {
        const value: unknown = JSON.parse(storage().getItem(key) ?? 'null');
        return accept(value) ? value : undefined;
      } catch {
        return undefined;
      }
    },
    write(value) {
      try {
        if (value === undefined) storage().removeItem(key);
        else storage().setItem(key, JSON.stringify(value));
      } catch {
        // Kept until the page is closed, then forgotten.
      }
    },
  };
}
