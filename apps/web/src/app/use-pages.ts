import { useEffect, useRef, useState } from 'react';
import { type Failure, failureOf } from './failure';
import { http } from './http';
import { type Read, useRead } from './use-read';

interface Page {
  readonly next: string | null;
}

interface Pages<T> extends Omit<Read<T>, 'value'> {
  /** In their order; undefined while the first one is under way. */
  readonly pages: readonly T[] | undefined;
  /** Reads the next page; undefined after the last one. */
  readonly more: (() => void) | undefined;
  readonly isReadingMore: boolean;
  /** Why the next page could not be read. */
  readonly moreFailure: Failure | undefined;
}

interface Later<T> {
  readonly first: T | undefined;
  readonly pages: readonly T[];
  readonly isReading: boolean;
  readonly failure: Failure | undefined;
}

/** Reads a list page by page. @param nextPath the path of the page after a cursor */
export function usePages<T extends Page>(
  path: string,
  nextPath: (cursor: string) => string,
  read: (body: unknown) => T | undefined,
): Pages<T> {
  const { value: first, failure, retry } = useRead(path, read);
  const nothing: Later<T> = { first, pages: [], isReading: false, failure: undefined };
  const [kept, setLater] = useState(nothing);
  // Those of another list are not continued.
  const later = kept.first === first ? kept : nothing;
  const pages = first && [first, ...later.pages];
  const cursor = pages?.at(-1)?.next ?? undefined;
  const ending = useRef<AbortController>(undefined);

  useEffect(() => () => ending.current?.abort(), [path]);

  const more = async (after: string) => {
    const { signal } = (ending.current = new AbortController());
    const keep = (change: Partial<Later<T>>) => {
      if (!signal.aborted) setLater({ ...later, isReading: false, failure: undefined, ...change });
    };
    keep({ isReading: true });
    try {
      const page = await http(nextPath(after), { read, signal });
      keep({ pages: [...later.pages, page] });
    } catch (error) {
      keep({ failure: failureOf(error) });
    }
  };

  return {
    pages,
    failure,
    retry,
    more: cursor === undefined ? undefined : () => void more(cursor),
    isReadingMore: later.isReading,
    moreFailure: later.failure,
  };
}
