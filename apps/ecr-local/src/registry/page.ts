import { invalidParameter } from './refusals';

export interface PageOf<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** ECR's page size if a request does not set one. */
const defaultPageSize = 100;

const encode = (key: string) => Buffer.from(key).toString('base64url');

function decode(token: string): string {
  const key = Buffer.from(token, 'base64url').toString();
  if (encode(key) !== token || key === '') throw invalidParameter('nextToken', 'Invalid token');
  return key;
}

/**
 * One page of the items in the order of their keys. The token names the last key answered, so that what is added or
 * deleted between two pages neither repeats nor hides another item.
 */
export function pageOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  request: { nextToken?: string | undefined; maxResults?: number | undefined },
): PageOf<T> {
  const after = request.nextToken === undefined ? undefined : decode(request.nextToken);
  const rest = items
    .map((item) => ({ item, key: keyOf(item) }))
    .filter(({ key }) => after === undefined || key > after)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const page = rest.slice(0, request.maxResults ?? defaultPageSize);
  const last = page.at(-1);
  return {
    items: page.map(({ item }) => item),
    ...(last && page.length < rest.length && { nextToken: encode(last.key) }),
  };
}
