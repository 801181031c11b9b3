import { useEffect, useState } from 'react';
import { type Failure, failureOf } from './failure';
import { http } from './http';

/** What a read has come to; neither value nor failure while it is under way. */
export interface Read<T> {
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  /** Reads again. */
  readonly retry: () => void;
}

interface Answer<T> {
  readonly key: string;
  readonly value?: T;
  readonly failure?: Failure;
}

/**
 * Reads a path, again for each other path.
 *
 * @param path nothing is read without one
 * @param read the value of a body; it must be the same function at each rendering
 */
export function useRead<T>(
  path: string | undefined,
  read: (body: unknown) => T | undefined,
): Read<T> {
  const [attempt, setAttempt] = useState(0);
  const [answer, setAnswer] = useState<Answer<T>>();
  const key = `${attempt} ${path}`;

  useEffect(() => {
    if (path === undefined) return undefined;
    const ending = new AbortController();
    const keep = (outcome: Omit<Answer<T>, 'key'>) => {
      if (!ending.signal.aborted) setAnswer({ key, ...outcome });
    };
    http(path, { read, signal: ending.signal }).then(
      (value) => keep({ value }),
      (error: unknown) => keep({ failure: failureOf(error) }),
    );
    return () => ending.abort();
  }, [path, read, key]);

  const retry = () => setAttempt(attempt + 1);
  // The answer to another path is not shown under this one.
  const { value, failure } = answer?.key === key ? answer : {};
  return { value, failure, retry };
}
