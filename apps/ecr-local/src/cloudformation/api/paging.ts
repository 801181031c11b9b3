import { validationError } from '../../query/query-error';

const pageSize = 100;

/** A page of a list; the token is the index of the next page's first item. */
export function page<Item>(items: readonly Item[], token: string | undefined) {
  const start = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(start) || start < 0) throw validationError(`Token ${token} is invalid`);
  const end = start + pageSize;
  return {
    items: items.slice(start, end),
    ...(end < items.length && { NextToken: String(end) }),
  };
}
